package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.SocketUse;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/** Which requests may leave HTTP, and which WebSockets are no tunnels but carry calls. */
final class UpgradeRule {
    private static final String WEBSOCKET = "websocket";

    private final HttpConfig http;

    UpgradeRule(HttpConfig http) {
        this.http = http;
    }

    /** Whether requests of a route may leave HTTP for this protocol; the route has the last word. */
    boolean allows(String upgrade, RouteConfig.Route route) {
        boolean allowed = http.upgrades().contains(upgrade);
        return route.action() instanceof RouteConfig.Forward forward
                ? forward.upgrades().getOrDefault(upgrade, allowed)
                : allowed;
    }

    /**
     * What becomes of a WebSocket that asks for a subprotocol of gRPC-Web, or of a call on one.
     *
     * @param route that a call takes; null for none
     * @param filters that such a call passes
     * @param head of the handshake or of the call
     */
    SocketUse use(
            RouteConfig.Route route, List<HttpFilterFactory> filters, Http2Headers head, ConnectionInfo connection) {
        HttpConfig.WebSockets.Calls which = http.webSockets().calls();
        boolean allowed = (route != null && allows(WEBSOCKET, route))
                || (which == HttpConfig.WebSockets.Calls.WHERE_CORS
                        && filters.stream().anyMatch(HttpFilterFactory::judgesPages));
        if (which == HttpConfig.WebSockets.Calls.OFF
                || !allowed
                || filters.stream().noneMatch(HttpFilterFactory::translatesCalls)) {
            return SocketUse.TUNNEL;
        }
        return switch (OriginRule.overWebSocket(filters, head, connection)) {
            case REFUSED, NO_SAY -> SocketUse.REFUSED;
            case ALLOWED -> SocketUse.CALLS;
            case ALLOWED_WITH_CREDENTIALS -> SocketUse.CALLS_WITH_CREDENTIALS;
        };
    }
}
