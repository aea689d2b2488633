package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.explain.FilterTrial;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.cors.CorsConfig;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.route.RequestHandler;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * A made-up call that passes the filters of a filter chain without a client and a backend, to see what each does to it. A filter that
 * would ask a cluster is not run: it is said what it asks, and the call goes on.
 */
public final class CallTrial {
    private final FilterKinds kinds;
    private final GatewayConfig.Node node;
    private final ErrorFormat errorFormat;
    private final HttpConfig http;
    private final IdentityHashMap<FilterConfig, TrialStep> steps = new IdentityHashMap<>();
    private final List<FilterConfig> met = new ArrayList<>();

    private CallTrial(FilterKinds kinds, GatewayConfig.Node node, ErrorFormat errorFormat, HttpConfig http) {
        this.kinds = kinds;
        this.node = node;
        this.errorFormat = errorFormat;
        this.http = http;
    }

    /** Trials in a gateway with these filters. */
    public static FilterTrial of(FilterKinds kinds, GatewayConfig.Node node, ErrorFormat errorFormat) {
        return (listener, chain, head, peer) ->
                new CallTrial(kinds, node, errorFormat, chain.http()).run(head, listener, peer);
    }

    private List<FilterTrial.Row> run(Http2Headers head, ListenerConfig listener, InetSocketAddress peer) {
        try (TrialRoom room = new TrialRoom(listener, http, errorFormat, node, peer)) {
            FilterContext context = room.context();
            return room.run(() -> pass(head, room.exchange(head), context));
        }
    }

    private List<FilterTrial.Row> pass(Http2Headers head, Exchange exchange, FilterContext context) {
        new RequestHandler(
                        http,
                        filter -> factory(filter, context),
                        LocalReplies.NONE,
                        new Substitutions(),
                        KnownServices.EVERYWHERE,
                        null)
                .handle(exchange, new TrialClient(exchange), head, false);
        steps.values().forEach(step -> step.settle(exchange));
        exchange.end();
        return met.stream()
                .map(filter -> new FilterTrial.Row(
                        filter.name(), steps.get(filter).text(), http.places().of(filter)))
                .toList();
    }

    private HttpFilterFactory factory(FilterConfig filter, FilterContext context) {
        if (filter.terminal()) {
            return (exchange, head) -> new Backend();
        }
        HttpFilterFactory real =
                filter instanceof CorsConfig || !filter.clusters().isEmpty()
                        ? (exchange, head) -> null
                        : kinds.make(filter, context);
        return (exchange, head) -> {
            if (filter instanceof CorsConfig) {
                return null;
            }
            TrialStep step = new TrialStep(exchange.info(), filter.clusters());
            steps.put(filter, step);
            met.add(filter);
            HttpFilter made = real.create(exchange, head);
            return step.around(made);
        };
    }

    /** Takes the request and never answers. */
    private static final class Backend extends HttpFilter {
        @Override
        public void requestHead(Http2Headers head, boolean end) {
            // This is as far as it goes.
        }

        @Override
        public void cancel() {
            // Nothing is under way.
        }
    }
}
