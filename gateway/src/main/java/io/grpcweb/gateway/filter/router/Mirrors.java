package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.grpcweb.gateway.upstream.pool.LoopPools;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The copies of one request. */
final class Mirrors {
    private final List<Mirror> copies = new ArrayList<>(1);

    private Mirrors() {}

    /** Begins the copies that the route asks for; null where it asks for none, or chance has it so. */
    static Mirrors start(
            List<RouteConfig.Mirror> wanted,
            ClusterManager clusters,
            EventLoop loop,
            Http2Headers head,
            boolean end,
            boolean http2,
            long nanos) {
        Mirrors all = new Mirrors();
        for (RouteConfig.Mirror one : wanted) {
            LoopPools pools = clusters.pools(loop, one.cluster());
            if (pools != null && ThreadLocalRandom.current().nextDouble() < one.fraction()) {
                Mirror copy = Mirror.start(pools, head, end, http2, loop, nanos);
                if (copy != null) {
                    all.copies.add(copy);
                }
            }
        }
        return all.copies.isEmpty() ? null : all;
    }

    /** A part of the request, which stays the caller's. */
    void send(ByteBuf data, boolean end) {
        for (Mirror copy : copies) {
            copy.send(data.retainedDuplicate(), end);
        }
    }

    void sendTrailers(Http2Headers trailers) {
        copies.forEach(copy -> copy.sendTrailers(trailers));
    }

    void originalEnded() {
        copies.forEach(Mirror::originalEnded);
    }
}
