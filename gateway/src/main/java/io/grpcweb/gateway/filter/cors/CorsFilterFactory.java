package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.CorsPolicy;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Makes rooms for requests to routes with a policy that is in force. */
public final class CorsFilterFactory implements HttpFilterFactory {
    private final IdentityHashMap<CorsPolicy, CorsDecision> decisions = new IdentityHashMap<>();
    private final CorsObserver observer;

    /**
     * Prepares the policies of a route configuration.
     *
     * @param observer is told of each decision
     */
    public CorsFilterFactory(RouteConfig routes, CorsObserver observer) {
        this.observer = observer;
        for (RouteConfig.VirtualHost host : routes.virtualHosts()) {
            host.cors().ifPresent(this::prepare);
            for (RouteConfig.Route route : host.routes()) {
                route.cors().ifPresent(this::prepare);
            }
        }
    }

    private void prepare(CorsPolicy policy) {
        decisions.computeIfAbsent(policy, CorsDecision::new);
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        CorsPolicy policy = policyOf(exchange);
        if (policy == null) {
            return null;
        }
        CorsDecision decision = decisions.get(policy);
        if (isOn(policy.enabled())) {
            return new CorsFilter(exchange, decision, observer);
        }
        if (isOn(policy.shadow())) {
            count(decision, head);
        }
        return null;
    }

    private static CorsPolicy policyOf(Exchange exchange) {
        RouteConfig.Route route = exchange.route();
        if (route != null) {
            return route.action() instanceof RouteConfig.Forward ? orNull(route.cors()) : null;
        }
        // No route: the policy of the virtual host lets a script read the 404.
        return exchange.virtualHost() == null
                ? null
                : orNull(exchange.virtualHost().cors());
    }

    private static CorsPolicy orNull(Optional<CorsPolicy> policy) {
        return policy.orElse(null);
    }

    private static boolean isOn(double share) {
        return share >= 1 || (share > 0 && ThreadLocalRandom.current().nextDouble() < share);
    }

    private void count(CorsDecision decision, Http2Headers head) {
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
