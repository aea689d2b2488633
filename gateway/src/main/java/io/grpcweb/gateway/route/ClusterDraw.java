package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.config.RouteConfig.WeightedCluster;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Draws one of the clusters with weights of a route. That is done with the route itself, since the filters of an exchange
 * depend on it. Only where a hash decides it is left to the router, which knows hashes.
 */
final class ClusterDraw {
    private ClusterDraw() {}

    /** The cluster; null where the route has none with weights, or a hash decides. */
    static WeightedCluster of(Route route, Http2Headers head) {
        if (route == null
                || !(route.action() instanceof Forward forward)
                || !(forward.cluster() instanceof ClusterChoice.Weighted weighted)) {
            return null;
        }
        CharSequence given = weighted.randomHeader().isPresent()
                ? head.get(weighted.randomHeader().get())
                : null;
        if (given != null) {
            try {
                return weighted.at(Long.parseUnsignedLong(given.toString()));
            } catch (NumberFormatException e) {
                // A field that is no number counts as one that is missing.
            }
        }
        return weighted.byHash() && !forward.hashPolicies().isEmpty()
                ? null
                : weighted.at(ThreadLocalRandom.current().nextLong());
    }
}
