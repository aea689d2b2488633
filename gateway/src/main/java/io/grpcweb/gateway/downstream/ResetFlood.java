package io.grpcweb.gateway.downstream;

/**
 * Rapid reset (CVE-2023-44487), judged as Envoy does: when 500 streams of a connection have ended and half or more of
 * them were reset within a second without an answer, or that share is certain already, the connection is closed.
 */
final class ResetFlood {
    private static final int CONSIDERED = 500;
    private static final long PREMATURE_NANOS = 1_000_000_000L;

    private int ended;
    private int premature;
    private boolean flood;

    /** A stream has ended. */
    void ended(boolean reset, boolean answered, long lifeNanos) {
        ended++;
        if (reset && !answered && lifeNanos < PREMATURE_NANOS) {
            premature++;
        }
        if (premature >= CONSIDERED / 2) {
            flood = true;
        } else if (ended >= CONSIDERED) {
            ended = 0;
            premature = 0;
        }
    }

    boolean isFlood() {
        return flood;
    }
}
