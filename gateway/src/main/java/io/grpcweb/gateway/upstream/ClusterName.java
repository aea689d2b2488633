package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.WeightedCluster;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.ThreadLocalRandom;

/** Which cluster a route names for a request. */
final class ClusterName {
    private ClusterName() {}

    /** The name, or null where the request or the weights give none. */
    static String of(ClusterChoice choice, Http2Headers head) {
        if (choice instanceof ClusterChoice.Named named) {
            return named.cluster();
        }
        if (choice instanceof ClusterChoice.ByHeader byHeader) {
            CharSequence value = head.get(byHeader.header());
            return value == null ? null : value.toString();
        }
        ClusterChoice.Weighted weighted = (ClusterChoice.Weighted) choice;
        int total =
                weighted.clusters().stream().mapToInt(WeightedCluster::weight).sum();
        int at = total == 0 ? 0 : ThreadLocalRandom.current().nextInt(total);
        for (WeightedCluster cluster : weighted.clusters()) {
            at -= cluster.weight();
            if (at < 0) {
                return cluster.cluster();
            }
        }
        return null;
    }
}
