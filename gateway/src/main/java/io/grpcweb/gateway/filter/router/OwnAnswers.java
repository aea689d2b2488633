package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;

/** Answers that need no backend. */
final class OwnAnswers {
    private OwnAnswers() {}

    /** For a request without a route, or with one that answers by itself; null for one to a backend. */
    static LocalReply of(RouteConfig.Route route, Http2Headers head) {
        if (route == null) {
            return LocalReply.noRoute();
        }
        if (route.action() instanceof RouteConfig.DirectResponse direct) {
            return LocalReply.directResponse(direct.status(), direct.body(), Redirects.itself(head));
        }
        return route.action() instanceof RouteConfig.Redirect redirect
                ? LocalReply.redirect(redirect.status(), Redirects.location(redirect, route, head))
                : null;
    }

    /** A backend that speaks gRPC alone never sees a stranger's form or page request; null for what it may see. */
    static LocalReply refusal(Forward forward, Http2Headers head, Exchange exchange) {
        if (!forward.grpcOnly()) {
            return null;
        }
        if (!"POST".contentEquals(head.method())) {
            LocalReply page = exchange.errorFormat() == ErrorFormat.BROWSER ? CallPage.of(head) : null;
            return page == null ? LocalReply.methodNotAllowed() : page;
        }
        StreamInfo info = exchange.info();
        if (info.format == CallFormat.GRPC && info.protocol != Protocol.HTTP_2) {
            // Native gRPC needs the trailers of HTTP/2; who asks over HTTP/1.1 is no client of it.
            info.format = CallFormat.HTTP;
        }
        return info.format == CallFormat.HTTP ? LocalReply.unsupportedMediaType("") : null;
    }
}
