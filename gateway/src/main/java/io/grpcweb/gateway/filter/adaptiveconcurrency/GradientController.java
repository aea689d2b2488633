package io.grpcweb.gateway.filter.adaptiveconcurrency;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The limit of calls under way: it grows while they are as fast as they can be, and shrinks while they are slower. From time
 * to time, few calls are let through to measure how fast that is. Calls of all event loops count; whoever comes first behind
 * the end of a window works out what follows from it, and nobody waits for that.
 */
final class GradientController {
    /** Windows at the least limit, behind which the ideal time is measured anew: it may be wrong. */
    private static final int STUCK = 5;

    private final AdaptiveConcurrencyConfig config;
    private final AdaptiveConcurrencyStats stats;
    private final LongSupplier nanoTime;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean working = new AtomicBoolean();
    private final Latencies latencies = new Latencies();
    private volatile int limit;
    private volatile boolean measuring;
    private volatile long measuringSince;
    private volatile long windowEnd;
    private volatile long nextMeasurement;

    // Of whoever works.
    private long idealNanos;
    private int limitBefore;
    private int windowsAtLeast;

    GradientController(AdaptiveConcurrencyConfig config, AdaptiveConcurrencyStats stats, LongSupplier nanoTime) {
        this.config = config;
        this.stats = stats;
        this.nanoTime = nanoTime;
        long now = nanoTime.getAsLong();
        limit = config.limit().least();
        windowEnd = now + config.limit().every().toNanos();
        if (config.ideal().fixed().isPresent()) {
            ideal(config.ideal().fixed().get().toNanos());
            limit(limit);
        } else {
            measure(now);
        }
    }

    /** Whether one more call may go on; it is under way then until {@link #ended}. */
    boolean admits() {
        work();
        int now = underWay.incrementAndGet();
        if (now <= limit) {
            return true;
        }
        underWay.decrementAndGet();
        stats.blocked.increment();
        return false;
    }

    /**
     * A call that was let through has ended.
     *
     * @param since when it began
     * @param whole whether its response is complete, so that its time says something
     */
    void ended(long since, boolean whole) {
        underWay.decrementAndGet();
        if (whole && (!measuring || since - measuringSince >= 0)) {
            latencies.add(nanoTime.getAsLong() - since);
        }
        work();
    }

    private void work() {
        long now = nanoTime.getAsLong();
        boolean due = measuring
                ? latencies.count() >= config.ideal().requests()
                : now - windowEnd >= 0 || isMeasurementDue(now);
        if (due && working.compareAndSet(false, true)) {
            try {
                step(now);
            } finally {
                working.set(false);
            }
        }
    }

    private boolean isMeasurementDue(long now) {
        return config.ideal().fixed().isEmpty() && now - nextMeasurement >= 0;
    }

    private void step(long now) {
        if (measuring) {
            ideal(latencies.percentileAndClear(config.percentile()));
            measuring = false;
            stats.measuring.set(0);
            limit(limitBefore);
            nextMeasurement = now + jittered(config.ideal().every().toNanos());
            windowEnd = now + config.limit().every().toNanos();
        } else if (isMeasurementDue(now)) {
            measure(now);
        } else {
            windowEnd = now + config.limit().every().toNanos();
            long sample = latencies.percentileAndClear(config.percentile());
            if (sample > 0) {
                stats.sampleMillis.set(sample / 1_000_000);
                limit(next(sample));
                if (windowsAtLeast >= STUCK && config.ideal().fixed().isEmpty()) {
                    measure(now);
                }
            }
        }
    }

    private void measure(long now) {
        limitBefore = limit;
        measuringSince = now;
        measuring = true;
        windowsAtLeast = 0;
        stats.measuring.set(1);
        latencies.percentileAndClear(1);
        limit = config.ideal().concurrency();
        stats.limit.set(limit);
    }

    private long jittered(long nanos) {
        long most = (long) (nanos * config.ideal().jitter());
        return nanos + (most > 0 ? ThreadLocalRandom.current().nextLong(most) : 0);
    }

    private void ideal(long nanos) {
        idealNanos = nanos;
        stats.idealMillis.set(nanos / 1_000_000);
    }

    private int next(long sample) {
        double raw = idealNanos * (1 + config.ideal().buffer()) / sample;
        double gradient = Math.max(0.5, Math.min(2, raw));
        double scaled = limit * gradient;
        double headroom = Math.sqrt(scaled);
        stats.gradient.set((long) (gradient * 1000));
        stats.burst.set((long) headroom);
        return (int) Math.max(config.limit().least(), Math.min(config.limit().most(), scaled + headroom));
    }

    private void limit(int next) {
        boolean stays =
                limit == config.limit().least() && next == config.limit().least();
        windowsAtLeast = stays ? windowsAtLeast + 1 : 0;
        limit = next;
        stats.limit.set(next);
    }
}
