package io.grpcweb.gateway.filter.admissioncontrol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How the calls of the last while ended, by the second. Confined to an event loop. */
final class Outcomes {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long windowNanos;
    private final LongSupplier nanoTime;
    private final Deque<Second> seconds = new ArrayDeque<>();
    private long requests;
    private long successes;

    private static final class Second {
        private final long began;
        private int requests;
        private int successes;

        Second(long began) {
            this.began = began;
        }
    }

    Outcomes(long windowNanos, LongSupplier nanoTime) {
        this.windowNanos = windowNanos;
        this.nanoTime = nanoTime;
    }

    void record(boolean success) {
        long now = forget();
        Second last = seconds.peekLast();
        if (last == null || now - last.began >= SECOND) {
            last = new Second(now);
            seconds.add(last);
        }
        last.requests++;
        requests++;
        if (success) {
            last.successes++;
            successes++;
        }
    }

    private long forget() {
        long now = nanoTime.getAsLong();
        while (!seconds.isEmpty() && now - seconds.peekFirst().began >= windowNanos) {
            Second gone = seconds.removeFirst();
            requests -= gone.requests;
            successes -= gone.successes;
        }
        return now;
    }

    /** Calls in a second, over the whole window. */
    long requestsPerSecond() {
        forget();
        return requests / Math.max(1, windowNanos / SECOND);
    }

    /** The probability by which a call is to be refused, before it is capped; may be below zero. */
    double refusal(double successThreshold, double aggression) {
        forget();
        double raw = (requests - successes / successThreshold) / (requests + 1);
        return aggression == 1 || raw <= 0 ? raw : Math.pow(raw, 1 / aggression);
    }
}
