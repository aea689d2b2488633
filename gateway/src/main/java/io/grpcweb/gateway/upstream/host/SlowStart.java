package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.ClusterConfig;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Gives an endpoint that has just come (back) its share by and by, as Envoy's slow start does: its weight grows over the window,
 * in a line or faster at first, from the minimum to all of it.
 */
record SlowStart(ClusterConfig.Balancer.SlowStart config, LongSupplier clock) {

    /** Whether any of these is still to get its full share. */
    boolean anyWithin(List<Host> hosts) {
        return !config.window().isZero() && hosts.stream().anyMatch(host -> factor(host) < 1);
    }

    /** The minimum to 1. */
    double factor(Host host) {
        if (config.window().isZero()) {
            return 1;
        }
        double passed = (double) (clock.getAsLong() - host.healthySinceNanos())
                / config.window().toNanos();
        if (passed >= 1) {
            return 1;
        }
        double share = config.aggression() == 1 ? passed : Math.pow(Math.max(0, passed), 1 / config.aggression());
        return Math.max(config.minimum(), share);
    }
}
