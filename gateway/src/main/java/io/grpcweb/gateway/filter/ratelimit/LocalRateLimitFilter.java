package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.handler.codec.http2.Http2Headers;

/** Takes a token when a request arrives; where there is none, the request goes no further. */
final class LocalRateLimitFilter extends HttpFilter {
    private final Exchange exchange;
    private final LocalRateLimitFactory limit;
    private boolean refused;

    LocalRateLimitFilter(Exchange exchange, LocalRateLimitFactory limit) {
        this.exchange = exchange;
        this.limit = limit;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        refused = limit.refuses();
        if (refused) {
            exchange.reply(limit.refusal());
        } else {
            lower().requestHead(head, end);
        }
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (refused) {
            limit.fields().apply(head, exchange.info());
        }
        upper().responseHead(head, end);
    }
}
