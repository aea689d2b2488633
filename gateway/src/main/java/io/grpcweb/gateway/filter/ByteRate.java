package io.grpcweb.gateway.filter;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bytes that come at a steady rate and are kept for a second at most, for one direction of one exchange or for many. It
 * begins with a slice of them when it is first asked, so that a short response is slowed down as well. One number holds the
 * state, the time at which nothing was left, so that event loops need no lock.
 */
public final class ByteRate implements Throttle.Allowance {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long UNUSED = Long.MIN_VALUE;

    private final long bytesPerSecond;
    private final long sliceNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong emptyAt = new AtomicLong(UNUSED);

    /**
     * Nobody has asked for anything.
     *
     * @param bytesPerSecond more than 0
     */
    public ByteRate(long bytesPerSecond, long sliceNanos, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.sliceNanos = sliceNanos;
        this.nanoTime = nanoTime;
    }

    @Override
    public int take(int most) {
        while (true) {
            long now = nanoTime.getAsLong();
            long before = emptyAt.get();
            long kept = before == UNUSED ? sliceNanos : Math.min(SECOND, now - before);
            long there = kept / 1000 * bytesPerSecond / (SECOND / 1000);
            int granted = (int) Math.min(most, Math.max(0, there));
            long after = now - kept + granted * SECOND / bytesPerSecond;
            if (granted == 0 && before != UNUSED || emptyAt.compareAndSet(before, after)) {
                return granted;
            }
        }
    }
}
