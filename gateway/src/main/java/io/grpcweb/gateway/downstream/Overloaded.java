package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HeaderEdits;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Answers requests that are not served because the process runs short: before a route is chosen or a filter is made. */
final class Overloaded {
    private Overloaded() {}

    /** Whether this request is one of those. */
    static boolean sheds(HttpService service) {
        return service.load().hits(Kind.STOP_ACCEPTING_REQUESTS)
                || service.load().sheds(Place.REQUEST_HEAD);
    }

    /** Ends the exchange. A page of an origin that may call can read it, and gRPC-Web is told a status beside the HTTP one. */
    static void answer(Exchange exchange, HttpService service, Http2Headers request) {
        service.stats().downstreamRqOverloadClose.increment();
        CallFormat format = MediaType.formatOf(request.get(HttpHeaderNames.CONTENT_TYPE));
        exchange.info().format = format;
        exchange.rules(HeaderEdits.NONE, service.replies());
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        Http2Headers cors = new DefaultHttp2Headers(false);
        service.handler().refused(request, cors);
        cors.forEach(field ->
                fields.add(Map.entry(field.getKey().toString(), field.getValue().toString())));
        if (service.http().limits().tellsOverload()) {
            fields.add(Map.entry("x-envoy-local-overloaded", "true"));
        }
        if (format.isGrpcWeb()) {
            fields.add(Map.entry(GrpcHeaders.STATUS.toString(), Integer.toString(GrpcStatus.UNAVAILABLE.code())));
        }
        exchange.reply(LocalReply.overloaded(fields));
    }
}
