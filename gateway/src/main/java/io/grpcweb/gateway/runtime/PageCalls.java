package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.check.PageTrials;
import io.grpcweb.gateway.check.PageTrials.Outcome;
import io.grpcweb.gateway.check.PageTrials.PageTrial;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.route.RequestHandler;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Calls of a page that pass the routes and filters of a filter chain as any other, with a backend behind them that ends each call with
 * an error at once. Filters that would ask a cluster are left out.
 */
public final class PageCalls implements PageTrial {
    private static final InetSocketAddress PAGE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);

    private final TrialRoom room;
    private final RequestHandler handler;

    /** What the backend has seen of the call that is under way. */
    private Http2Headers forwarded;

    private PageCalls(TrialRoom room, ListenerConfig.FilterChain chain, FilterKinds kinds) {
        this.room = room;
        FilterContext context = room.context();
        this.handler = new RequestHandler(
                chain.http(),
                filter -> factory(filter, kinds, context),
                LocalReplies.NONE,
                new Substitutions(),
                KnownServices.EVERYWHERE,
                null);
    }

    /** Trials in a gateway with these filters. */
    public static PageTrials of(FilterKinds kinds, GatewayConfig.Node node, ErrorFormat errorFormat) {
        return (listener, chain) ->
                new PageCalls(new TrialRoom(listener, chain.http(), errorFormat, node, PAGE), chain, kinds);
    }

    private HttpFilterFactory factory(FilterConfig filter, FilterKinds kinds, FilterContext context) {
        if (filter.terminal()) {
            return (exchange, head) -> new Backend();
        }
        return filter.clusters().isEmpty() ? kinds.make(filter, context) : (exchange, head) -> null;
    }

    @Override
    public Outcome ask(Http2Headers head) {
        return room.run(() -> {
            forwarded = null;
            Exchange exchange = room.exchange(head);
            TrialClient page = new TrialClient(exchange);
            handler.handle(exchange, page, head, true);
            if (!exchange.isOver()) {
                exchange.end();
            }
            return new Outcome(page.answer(), forwarded);
        });
    }

    @Override
    public void close() {
        room.close();
    }

    /** A gRPC server that does not know any method. */
    private final class Backend extends HttpFilter {
        @Override
        public void requestHead(Http2Headers head, boolean end) {
            forwarded = head;
            Http2Headers reply = new DefaultHttp2Headers(false);
            if ("POST".contentEquals(head.method())) {
                reply.status("200").set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
                reply.set(GrpcHeaders.STATUS, "12").set(GrpcHeaders.MESSAGE, "check");
            } else {
                reply.status("405");
            }
            upper().responseHead(reply, true);
        }

        @Override
        public void requestData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void requestTrailers(Http2Headers trailers) {
            // It has answered.
        }

        @Override
        public void cancel() {
            // Nothing is under way.
        }

        @Override
        public void responseWritable(boolean writable) {
            // Nothing is left to be sent.
        }
    }
}
