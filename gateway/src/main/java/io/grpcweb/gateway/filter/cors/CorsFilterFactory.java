package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.PageVerdict;
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
        if (decision == null || !isServed(exchange)) {
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

    @Override
    public void refused(Http2Headers request, Http2Headers response) {
        CharSequence origin = FieldValues.joined(request, HttpHeaderNames.ORIGIN);
        if (decision != null && Chance.happens(decision.policy().enabled()) && origin != null && origin.length() > 0) {
            decision.stamp(response, decision.allows(origin) ? origin : null);
        }
    }

    @Override
    public boolean judgesPages() {
        return decision != null;
    }

    @Override
    public PageVerdict judge(Http2Headers request) {
        if (decision == null || !Chance.happens(decision.policy().enabled())) {
            return PageVerdict.NO_SAY;
        }
        CharSequence origin = FieldValues.joined(request, HttpHeaderNames.ORIGIN);
        if (!decision.allows(origin)) {
            observer.refused(decision.policy(), origin, false);
            return PageVerdict.REFUSED;
        }
        return decision.policy().allowCredentials().orElse(false)
                ? PageVerdict.ALLOWED_WITH_CREDENTIALS
                : PageVerdict.ALLOWED;
    }

    /**
     * Without a route, the policy of the virtual host lets a script read the 404. From Envoy's files, routes that answer by
     * themselves answer without it.
     */
    private static boolean isServed(Exchange exchange) {
        RouteConfig.Route route = exchange.route();
        return route == null
                || route.action() instanceof RouteConfig.Forward
                || exchange.errorFormat() == ErrorFormat.BROWSER;
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
