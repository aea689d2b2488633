package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.netty.handler.codec.http2.Http2Headers;

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
}
