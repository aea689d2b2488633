package io.grpcweb.gateway.upstream;

import java.util.concurrent.TimeUnit;

/** Counts frames of a kind that a peer has reason to send now and then. */
final class FrameRate {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int most;
    private int seen;
    private long since;

    /**
     * For one connection.
     *
     * @param most frames within ten seconds
     */
    FrameRate(int most) {
        this.most = most;
    }

    /** Another one has come; whether that is too many. */
    boolean isExceeded(long nowNanos) {
        if (seen == 0 || nowNanos - since > WINDOW_NANOS) {
            since = nowNanos;
            seen = 0;
        }
        return ++seen > most;
    }
}
