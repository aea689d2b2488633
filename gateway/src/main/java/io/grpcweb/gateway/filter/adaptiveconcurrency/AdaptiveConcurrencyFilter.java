package io.grpcweb.gateway.filter.adaptiveconcurrency;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** Lets a call through if the limit allows, and says how long it took. */
final class AdaptiveConcurrencyFilter extends HttpFilter {
    private static final Details REACHED = Details.of("reached_concurrency_limit");

    private final Exchange exchange;
    private final GradientController controller;
    private final int status;
    private boolean whole;

    AdaptiveConcurrencyFilter(Exchange exchange, GradientController controller, int status) {
        this.exchange = exchange;
        this.controller = controller;
        this.status = status;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (!controller.admits()) {
            exchange.reply(LocalReply.denied(status, "reached concurrency limit", REACHED));
            return;
        }
        long since = exchange.info().startNanos;
        exchange.atEnd(() -> controller.ended(since, whole));
        lower().requestHead(head, end);
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        whole |= end;
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        whole |= end;
        upper().responseData(data, end);
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        whole = true;
        upper().responseTrailers(trailers);
    }
}
