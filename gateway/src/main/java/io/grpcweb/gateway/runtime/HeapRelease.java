package io.grpcweb.gateway.runtime;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back to the system after a burst. The serial collector makes the heap smaller only when it collects all of
 * it, and a gateway that few call has no reason to for hours. So one such collection is asked for when the heap has grown
 * by half, and what is open fell to a quarter of its peak and stayed there for a while: never while the load comes and
 * goes, when the heap is needed again at once. {@code -XX:+DisableExplicitGC} turns it off.
 */
final class HeapRelease implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HeapRelease.class);

    /** How many looks in a row must find it quiet; there is one a second. */
    static final int QUIET_LOOKS = 15;

    private static final int QUIET_SHARE = 4;

    private final LongSupplier open;
    private final LongSupplier heap;
    private final Runnable collection;
    private long settledHeap;
    private long peak;
    private int quiet;

    /**
     * @param open connections and calls that are open now
     * @param heap bytes that the heap takes from the system now
     * @param collection collects the whole heap
     */
    HeapRelease(LongSupplier open, LongSupplier heap, Runnable collection) {
        this.open = open;
        this.heap = heap;
        this.collection = collection;
        this.settledHeap = heap.getAsLong();
    }

    /** One look; on one thread. */
    @Override
    public void run() {
        long now = open.getAsLong();
        peak = Math.max(peak, now);
        if (now > peak / QUIET_SHARE) {
            quiet = 0;
            return;
        }
        quiet++;
        long grown = heap.getAsLong();
        if (quiet < QUIET_LOOKS || grown <= settledHeap + settledHeap / 2) {
            return;
        }
        collection.run();
        settledHeap = heap.getAsLong();
        LOG.info(
                "heap of {} MiB made {} MiB, after at most {} connections and calls: {} are open",
                grown >> 20,
                settledHeap >> 20,
                peak,
                now);
        peak = now;
        quiet = 0;
    }
}
