package io.grpcweb.gateway.net;

/** A supply that refills with time, and that may be given to beside. Confined to one thread. */
final class TokenBucket {
    private final double most;
    private final double perNano;
    private double left;
    private long lastNanos;
    private boolean begun;

    /**
     * A full bucket.
     *
     * @param most what it holds
     * @param perSecond what it gets back in a second
     */
    TokenBucket(int most, int perSecond) {
        this.most = most;
        this.perNano = perSecond / 1e9;
        this.left = most;
    }

    /** Adds one, where there is room. */
    void give() {
        left = Math.min(most, left + 1);
    }

    /**
     * Takes one.
     *
     * @param now {@link System#nanoTime}
     * @return false where there is none
     */
    boolean take(long now) {
        if (begun) {
            left = Math.min(most, left + (now - lastNanos) * perNano);
        }
        begun = true;
        lastNanos = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
