package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** Makes filters for requests to routes with a policy that is in force. */
public final class CorsFilterFactory implements HttpFilterFactory {
    private final CorsDecision decision;
    private final CorsObserver observer;

    /**
     * Prepares the policy, if there is one.
     *
     * @param observer is told of each decision
     */
    public CorsFilterFactory(CorsConfig config, CorsObserver observer) {
        this.decision = config.policy().map(CorsDecision::new).orElse(null);
        this.observer = observer;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        if (decision == null || !isForwarded(exchange.route())) {
            return null;
        }
        if (Chance.happens(decision.policy().enabled())) {
            return new CorsFilter(exchange, decision, observer);
        }
        if (Chance.happens(decision.policy().shadow())) {
            count(head);
        }
        return null;
    }

    /** Without a route, the policy of the virtual host lets a script read the 404. */
    private static boolean isForwarded(RouteConfig.Route route) {
        return route == null || route.action() instanceof RouteConfig.Forward;
    }

    private void count(Http2Headers head) {
        CharSequence origin = head.get(HttpHeaderNames.ORIGIN);
        if (origin == null || origin.length() == 0) {
            return;
        }
        if (decision.allows(origin)) {
            observer.allowed(decision.policy(), false);
        } else {
            observer.refused(decision.policy(), origin, false);
        }
    }
}
