package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.downstream.DateClock;
import io.grpcweb.gateway.downstream.DrainState;
import io.grpcweb.gateway.downstream.HttpService;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.SharedParts;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.route.RequestHandler;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.upstream.pool.Upstreams;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Makes what the connections of a filter chain serve, with its filters in the order of the file. */
final class FilterChains {
    private final FilterKinds kinds;
    private final ErrorFormat errorFormat;
    private final Upstreams upstreams;
    private final Stats stats;
    private final Telemetry telemetry;
    private final DateClock clock;
    private final GatewayConfig.Node node;
    private final BooleanSupplier failing;
    private final Substitution.Compiler compiler = new Substitutions();
    private final SharedParts shared = new SharedParts();

    FilterChains(
            FilterKinds kinds,
            ErrorFormat errorFormat,
            Upstreams upstreams,
            Stats stats,
            Telemetry telemetry,
            DateClock clock,
            GatewayConfig.Node node,
            BooleanSupplier failing) {
        this.kinds = kinds;
        this.errorFormat = errorFormat;
        this.upstreams = upstreams;
        this.stats = stats;
        this.telemetry = telemetry;
        this.clock = clock;
        this.node = node;
        this.failing = failing;
    }

    /**
     * What the connections of a filter chain serve.
     *
     * @throws IOException names an access log that cannot be opened
     */
    HttpService service(ListenerStats listener, ListenerConfig.FilterChain chain, DrainState drain) throws IOException {
        HttpConfig http = chain.http();
        FilterContext context =
                new FilterContext(http, stats, compiler, telemetry, upstreams, node, failing, System::nanoTime, shared);
        LocalReplies replies = LocalReplies.of(http.localReplies(), compiler);
        return new HttpService(
                chain.name(),
                http,
                errorFormat,
                new RequestHandler(http, filter -> kinds.make(filter, context), replies, compiler),
                replies,
                telemetry.observer(listener, http),
                stats.http(http.statPrefix()),
                stats.http2(),
                clock,
                drain);
    }
}
