package dev.sweeps.trainer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Garbage collections at work: what Java's cleaner frees is at once allocated again and filled with other numbers, so that whoever still
 * reads it, reads nonsense.
 */
public final class GarbageCollections implements AutoCloseable {
    private final AtomicInteger count = new AtomicInteger();
    private final Thread thread = new Thread(this::collect, "garbage-collections");
    private volatile boolean ended;

    private GarbageCollections() {}

    /** Collects again and again, until it is closed. */
    public static GarbageCollections start() {
        GarbageCollections collections = new GarbageCollections();
        collections.thread.start();
        return collections;
    }

    /** Collects once, and fills what was freed. */
    public static void once() {
        System.gc();
        // Buffers are freed by a thread of their own, soon after the collection.
        List<ByteBuffer> nonsense = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            for (int bytes = 4; bytes <= 4_096; bytes *= 2) {
                for (int i = 0; i < 20; i++) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
                    while (buffer.hasRemaining()) {
                        buffer.putFloat(Float.NaN);
                    }
                    nonsense.add(buffer);
                }
            }
            pause(5);
        }
    }

    /** Collections so far. */
    public int count() {
        return count.get();
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void collect() {
        while (!ended) {
            once();
            count.incrementAndGet();
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
