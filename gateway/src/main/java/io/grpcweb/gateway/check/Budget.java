package io.grpcweb.gateway.check;

import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time that is left for the questions to one endpoint. */
record Budget(long endNanos) {

    static Budget of(Duration time) {
        return new Budget(System.nanoTime() + time.toNanos());
    }

    long nanos() {
        return Math.max(0, endNanos - System.nanoTime());
    }

    Duration left() {
        return Duration.ofNanos(nanos());
    }

    /** Half of what is left: something else may have to be asked after it. */
    Budget half() {
        return new Budget(System.nanoTime() + nanos() / 2);
    }

    /** Waits for an event loop; returns whether it has come to an end in time. */
    boolean await(Future<?> future) throws InterruptedException {
        return future.await(nanos(), TimeUnit.NANOSECONDS);
    }
}
