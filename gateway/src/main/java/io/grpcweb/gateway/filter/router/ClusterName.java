package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.WeightedCluster;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Which cluster a route names for a request. */
final class ClusterName {
    private ClusterName() {}

    /** The name, or null where the request gives none; for choices that are not left to chance. */
    static String of(ClusterChoice choice, Http2Headers head) {
        if (choice instanceof ClusterChoice.Named named) {
            return named.cluster();
        }
        CharSequence value = choice instanceof ClusterChoice.ByHeader byHeader ? head.get(byHeader.header()) : null;
        return value == null ? null : value.toString();
    }

    /** One of the clusters with weights; null where the weights give none, or the choice is another. */
    static WeightedCluster draw(Forward forward, Http2Headers head, StreamInfo info) {
        return forward.cluster() instanceof ClusterChoice.Weighted weighted
                ? draw(weighted, () -> HashPick.cluster(head, weighted, forward, info))
                : null;
    }

    /** The same by a number, which is asked for if the clusters have weights at all. */
    private static WeightedCluster draw(ClusterChoice.Weighted weighted, LongSupplier random) {
        int total =
                weighted.clusters().stream().mapToInt(WeightedCluster::weight).sum();
        int at = total == 0 ? 0 : (int) Long.remainderUnsigned(random.getAsLong(), total);
        for (WeightedCluster cluster : weighted.clusters()) {
            at -= cluster.weight();
            if (at < 0) {
                return cluster;
            }
        }
        return null;
    }

    /** The value of a field as an unsigned number of 64 bits; empty where it is none. */
    static OptionalLong number(CharSequence value) {
        try {
            return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseUnsignedLong(value.toString()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
