package io.grpcweb.gateway.downstream;

/**
 * Rapid reset (CVE-2023-44487), judged as Envoy does: when 500 streams of a connection have ended and half or more of them
 * were reset within a second without a response, or that share is certain already, the connection is closed.
 */
final class ResetFlood {
    private static final int CONSIDERED = 500;
    private static final long PREMATURE_NANOS = 1_000_000_000L;

    private long ended;
    private long premature;
    private boolean flood;

    /** Whether a stream that its client reset was given up before it could be served. */
    static boolean isPremature(boolean answered, long lifeNanos) {
        return !answered && lifeNanos < PREMATURE_NANOS;
    }

    /** A stream has ended, in whatever way. */
    void ended(boolean wasPremature) {
        ended++;
        if (wasPremature) {
            premature++;
            flood |= premature * 2 >= Math.max(CONSIDERED, ended);
        }
    }

    boolean isFlood() {
        return flood;
    }
}
