package io.grpcweb.gateway.source.xds;

import java.time.Duration;

/** Does something later, on the loop that all of this package happens on. */
public interface Timers {

    /** What waits; may be cancelled. */
    @FunctionalInterface
    interface Waiting {
        void cancel();
    }

    Waiting after(Duration delay, Runnable action);

    /** Does it after what is being done now. */
    void next(Runnable action);

    /** Runs forward, as {@link System#nanoTime}. */
    long nanos();
}
