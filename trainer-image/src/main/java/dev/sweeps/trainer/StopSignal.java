package dev.sweeps.trainer;

import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM, as Kubernetes sends it when a node is drained: the run is asked to end, and Java waits with its own end until it has. Kubernetes
 * does so for terminationGracePeriodSeconds, 30 if nobody says otherwise.
 */
final class StopSignal implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop-signal");
    private volatile boolean requested;

    /** Starts to catch the signal, which then does not end the run at once. */
    void listen() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean isRequested() {
        return requested;
    }

    /** Asks the run to end. */
    void request() {
        requested = true;
    }

    /** To be called when the run has ended, however it did. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is at work.
        }
    }

    private void stop() {
        request();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
