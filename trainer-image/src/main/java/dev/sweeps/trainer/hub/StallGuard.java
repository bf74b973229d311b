package dev.sweeps.trainer.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes a stream that stalls, so that its reader gets an error instead of waiting forever. */
final class StallGuard implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stall-guard");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long lastByte = System.nanoTime();

    /**
     * @param patience without a byte
     */
    StallGuard(InputStream stream, Duration patience) {
        long interval = Math.max(1, patience.toMillis() / 4);
        clock.scheduleAtFixedRate(() -> close(stream, patience), interval, interval, TimeUnit.MILLISECONDS);
    }

    /** Records that bytes have arrived. */
    void alive() {
        lastByte = System.nanoTime();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void close(InputStream stream, Duration patience) {
        if (System.nanoTime() - lastByte > patience.toNanos()) {
            try {
                stream.close();
            } catch (IOException e) {
                // The reader gets the error.
            }
        }
    }
}
