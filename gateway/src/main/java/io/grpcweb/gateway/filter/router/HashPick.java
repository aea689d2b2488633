package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.HashPolicy;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What of a request decides which cluster with a weight, and which endpoint of a cluster, it goes to. */
final class HashPick {
    private HashPick() {}

    /** For the balancer: by the policies of the cluster, else by those of the route. */
    static PickContext endpoint(Http2Headers head, List<HashPolicy> ofCluster, Forward forward, StreamInfo info) {
        List<HashPolicy> policies = ofCluster.isEmpty() ? forward.hashPolicies() : ofCluster;
        return policies.isEmpty() ? PickContext.withoutHash() : hash(head, policies, info);
    }

    /** The number that one of the clusters with weights is drawn by, where the route says that the hash decides. */
    static long cluster(Http2Headers head, Forward forward, StreamInfo info) {
        PickContext hash = hash(head, forward.hashPolicies(), info);
        return hash.hashed() ? hash.hash() : ThreadLocalRandom.current().nextLong();
    }

    private static PickContext hash(Http2Headers head, List<HashPolicy> policies, StreamInfo info) {
        return new HashPolicies(policies)
                .apply(head, info.connection.remote(), info.connection.local(), cookie -> info.setCookie = cookie);
    }
}
