package io.grpcweb.gateway.upstream.host;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Gives an endpoint that has just come (back) its share by and by: its weight grows linearly from a tenth to all of it
 * over the window (Envoy's slow start with aggression 1 and a minimum of 10 %).
 */
record SlowStart(Duration window, LongSupplier clock) {
    private static final double MINIMUM = 0.1;

    /** Whether any of these is still to get its full share. */
    boolean anyWithin(List<Host> hosts) {
        return !window.isZero() && hosts.stream().anyMatch(host -> factor(host) < 1);
    }

    /** 0.1 to 1. */
    double factor(Host host) {
        if (window.isZero()) {
            return 1;
        }
        double share = (double) (clock.getAsLong() - host.healthySinceNanos()) / window.toNanos();
        return share >= 1 ? 1 : Math.max(MINIMUM, share);
    }
}
