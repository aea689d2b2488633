package io.grpcweb.gateway.filter.adaptiveconcurrency;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long calls took, in classes of which each is a sixteenth wider than the one before it begins. Event loops add to it at
 * the same time, without a lock.
 */
final class Latencies {
    private static final int PARTS = 16;
    private static final int CLASSES = 64 * PARTS;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(CLASSES);
    private final AtomicInteger all = new AtomicInteger();

    void add(long nanos) {
        counts.incrementAndGet(classOf(Math.max(PARTS, nanos)));
        all.incrementAndGet();
    }

    int count() {
        return all.get();
    }

    /** The time that this share of the calls did not exceed, in nanoseconds, and forgets them; 0 where there are none. */
    long percentileAndClear(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * all.getAndSet(0)));
        long seen = 0;
        long found = 0;
        for (int i = 0; i < CLASSES; i++) {
            int here = counts.getAndSet(i, 0);
            seen += here;
            if (found == 0 && here > 0 && seen >= wanted) {
                found = middle(i);
            }
        }
        return found;
    }

    private static int classOf(long nanos) {
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        return power * PARTS + (int) ((nanos >>> (power - 4)) & (PARTS - 1));
    }

    private static long middle(int index) {
        int power = index / PARTS;
        long width = 1L << (power - 4);
        return (1L << power) + (index % PARTS) * width + width / 2;
    }
}
