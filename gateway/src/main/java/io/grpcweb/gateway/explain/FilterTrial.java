package io.grpcweb.gateway.explain;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.Origin;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.util.List;

/** Says what each filter of a chain does to a call. */
@FunctionalInterface
public interface FilterTrial {
    /** Where nobody can say it. */
    FilterTrial NONE = (listener, chain, head, peer) -> List.of();

    /** What one filter does. */
    record Row(String filter, String text, Origin place) {}

    /**
     * Passes the call through the filters of its route.
     *
     * @param head is changed on the way
     * @param peer where the call comes from
     * @return one row for each filter that is on for the route, in their order, without the router and cors
     */
    List<Row> run(ListenerConfig listener, ListenerConfig.FilterChain chain, Http2Headers head, InetSocketAddress peer);
}
