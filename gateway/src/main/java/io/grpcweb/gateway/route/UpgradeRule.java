package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.PageVerdict;
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
     * What becomes of a WebSocket that asks for a subprotocol of gRPC-Web.
     *
     * @param route that a call of its path takes; null for none
     * @param filters that such a call passes
     */
    SocketUse use(RouteConfig.Route route, List<HttpFilterFactory> filters, Http2Headers handshake) {
        HttpConfig.WebSockets.Calls which = http.webSockets().calls();
        boolean upgrades = route != null && allows(WEBSOCKET, route);
        if (which == HttpConfig.WebSockets.Calls.OFF
                || (which == HttpConfig.WebSockets.Calls.WHERE_UPGRADES && !upgrades)
                || filters.stream().noneMatch(HttpFilterFactory::translatesCalls)) {
            return SocketUse.TUNNEL;
        }
        PageVerdict verdict = OriginRule.verdict(filters, handshake);
        if (verdict == PageVerdict.NO_SAY && !upgrades) {
            return SocketUse.TUNNEL;
        }
        return OriginRule.mayOpen(verdict, handshake) ? SocketUse.CALLS : SocketUse.REFUSED;
    }
}
