package io.grpcweb.gateway.filter.bandwidthlimit;

import io.grpcweb.gateway.filter.TwoWayFilter;
import io.grpcweb.gateway.http.Exchange;
import io.netty.handler.codec.http2.Http2Headers;

/** Lets the bodies of one call pass as the limit allows. */
final class BandwidthLimitFilter extends TwoWayFilter {
    private final Exchange exchange;
    private final BandwidthLimitFactory limit;
    private LimitedWay request;
    private LimitedWay response;

    BandwidthLimitFilter(Exchange exchange, BandwidthLimitFactory limit) {
        this.exchange = exchange;
        this.limit = limit;
        exchange.atEnd(this::closeWays);
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (limit.request() != null && !end) {
            request = new LimitedWay(
                    exchange.executor(), limit.request(), limit.stats().request, limit.nanoTime(), down());
            requestGoes(request);
        }
        lower().requestHead(head, end);
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (exchange.localReply() != null) {
            // Whatever of the request is held has no receiver any more.
            closeWays();
        } else if (limit.response() != null && !end) {
            response = new LimitedWay(
                    exchange.executor(), limit.response(), limit.stats().response, limit.nanoTime(), up());
            responseGoes(response);
        }
        upper().responseHead(head, end);
    }

    @Override
    protected void responseEnds(Http2Headers trailers) {
        limit.tell(trailers, request, response);
    }
}
