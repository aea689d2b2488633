package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.downstream.DateClock;
import io.grpcweb.gateway.downstream.DrainState;
import io.grpcweb.gateway.downstream.HttpService;
import io.grpcweb.gateway.downstream.HttpServices;
import io.grpcweb.gateway.filter.cors.CorsCounter;
import io.grpcweb.gateway.filter.cors.CorsFilterFactory;
import io.grpcweb.gateway.filter.cors.CorsObserver;
import io.grpcweb.gateway.filter.grpcstats.GrpcStatsFactory;
import io.grpcweb.gateway.filter.grpcweb.GrpcWebFilter;
import io.grpcweb.gateway.filter.healthcheck.HealthCheckFilterFactory;
import io.grpcweb.gateway.filter.ratelimit.LocalRateLimitFactory;
import io.grpcweb.gateway.filter.router.RouterFactory;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.route.RequestHandler;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Turns the filters of a configuration into the rooms that exchanges pass, in the order of the file. */
final class FilterChains implements HttpServices {
    private final ErrorFormat errorFormat;
    private final ClusterManager clusters;
    private final Stats stats;
    private final Telemetry telemetry;
    private final CorsObserver cors;
    private final DateClock clock;
    private final GatewayConfig.Node node;
    private final BooleanSupplier failing;
    private final Substitution.Compiler compiler = new Substitutions();

    FilterChains(
            ErrorFormat errorFormat,
            ClusterManager clusters,
            Stats stats,
            Telemetry telemetry,
            CorsObserver cors,
            DateClock clock,
            GatewayConfig.Node node,
            BooleanSupplier failing) {
        this.errorFormat = errorFormat;
        this.clusters = clusters;
        this.stats = stats;
        this.telemetry = telemetry;
        this.cors = cors;
        this.clock = clock;
        this.node = node;
        this.failing = failing;
    }

    @Override
    public HttpService service(
            ListenerConfig.FilterChain chain, ListenerStats listener, DrainState drain, ExchangeHandler handler)
            throws IOException {
        HttpConfig http = chain.http();
        return new HttpService(
                chain.name(),
                http,
                errorFormat,
                handler,
                LocalReplies.of(http.localReplies(), compiler),
                telemetry.observer(listener, http),
                stats.http(http.statPrefix()),
                stats.http2(),
                clock,
                drain);
    }

    @Override
    public ExchangeHandler handler(ListenerConfig.FilterChain chain, ExchangeHandler before) {
        HttpConfig http = chain.http();
        return new RequestHandler(
                http,
                filter -> room(filter, http),
                LocalReplies.of(http.localReplies(), compiler),
                compiler,
                (RequestHandler) before);
    }

    @Override
    public void release(HttpService service) {
        service.observer().release();
    }

    private HttpFilterFactory room(FilterConfig filter, HttpConfig http) {
        if (filter instanceof FilterConfig.GrpcWeb) {
            return GrpcWebFilter.factory();
        }
        if (filter instanceof FilterConfig.HealthCheck check) {
            return new HealthCheckFilterFactory(check, node.cluster(), failing);
        }
        if (filter instanceof FilterConfig.Cors) {
            return new CorsFilterFactory(http.routes(), new CorsCounter(stats.http(http.statPrefix()).cors, cors));
        }
        if (filter instanceof FilterConfig.Router router) {
            return new RouterFactory(clusters, router);
        }
        if (filter instanceof FilterConfig.LocalRateLimit limit) {
            return new LocalRateLimitFactory(limit, compiler, stats.localRateLimit(limit.statPrefix()));
        }
        return new GrpcStatsFactory((FilterConfig.GrpcStats) filter, stats);
    }
}
