package io.grpcweb.gateway.filter;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** The end that a filter which sees gRPC makes of a call whose response is under way, between two messages. */
public final class CallEnd {
    private static final Details MISPLACED = Details.of("filter_misplaced");

    private CallEnd() {}

    /** Ends it with trailers, and gives the backend's call up; what still comes of it is for the caller to drop. */
    public static void with(Exchange exchange, LocalReply reason, HttpFilter upper) {
        exchange.info().ended(reason);
        exchange.info().grpcStatus = reason.grpcStatus();
        exchange.giveUpUpstream();
        Http2Headers trailers = new DefaultHttp2Headers(false);
        trailers.set(GrpcHeaders.STATUS, Integer.toString(reason.grpcStatus()));
        trailers.set(
                GrpcHeaders.MESSAGE,
                PercentEncoding.encode(exchange.explained(reason).message()));
        upper.responseTrailers(trailers);
    }

    /** A call that reaches the filter before it has become gRPC, so that nothing could be found in it. */
    public static LocalReply misplaced(String filter) {
        return LocalReply.denied(
                500, "the filter " + filter + " sees no gRPC: it belongs behind grpc-web and connect", MISPLACED);
    }
}
