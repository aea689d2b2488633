package io.grpcweb.gateway.net;

/**
 * Bounds the work that a peer makes with SETTINGS: each change of SETTINGS_INITIAL_WINDOW_SIZE moves the window of every
 * stream that is open (RFC 9113 section 6.9.2), so a few bytes may cost thousands of updates, and each frame is acknowledged.
 * A token bucket of updates.
 */
final class SettingsBudget {
    /** Updates that may come at once, and in each second afterwards. */
    static final int UPDATES = 10_000;

    /** What a frame costs by itself: no peer has reason to send two hundred of them in a second. */
    static final int FRAME = 50;

    private static final double NANOS_PER_UPDATE = 1e9 / UPDATES;

    private double left = UPDATES;
    private long lastNanos;

    /**
     * Takes the cost of one SETTINGS frame.
     *
     * @param movesWindows whether it sets the initial window
     * @param streams that are open
     * @param now {@link System#nanoTime}
     * @return false where the peer has used its budget up
     */
    boolean take(boolean movesWindows, int streams, long now) {
        if (left < UPDATES) {
            left = Math.min(UPDATES, left + (now - lastNanos) / NANOS_PER_UPDATE);
        }
        lastNanos = now;
        left -= movesWindows ? FRAME + streams : FRAME;
        return left >= 0;
    }
}
