package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.TcpConfig;
import io.grpcweb.gateway.downstream.ChainService;
import io.grpcweb.gateway.downstream.DateClock;
import io.grpcweb.gateway.downstream.DrainState;
import io.grpcweb.gateway.downstream.HttpService;
import io.grpcweb.gateway.downstream.HttpServices;
import io.grpcweb.gateway.downstream.websocket.WebSocketHandler;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.SharedParts;
import io.grpcweb.gateway.filter.Warming;
import io.grpcweb.gateway.filter.reflection.ReflectedServices;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.route.RequestHandler;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.tcp.TcpProxy;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.telemetry.export.Exports;
import io.grpcweb.gateway.telemetry.logs.CollectorLogs;
import io.grpcweb.gateway.telemetry.tracing.Tracer;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Makes what the connections of a filter chain serve, with its filters in the order of the file. */
final class FilterChains implements HttpServices {
    private final FilterKinds kinds;
    private final ErrorFormat errorFormat;
    private final ClusterManager clusters;
    private final Stats stats;
    private final Telemetry telemetry;
    private final DateClock clock;
    private final GatewayConfig.Node node;
    private final BooleanSupplier failing;
    private final Substitution.Compiler compiler = new Substitutions();
    private final SharedParts shared;
    private final Exports exports;

    FilterChains(
            FilterKinds kinds,
            ErrorFormat errorFormat,
            ClusterManager clusters,
            Stats stats,
            Telemetry telemetry,
            DateClock clock,
            GatewayConfig.Node node,
            BooleanSupplier failing,
            SharedParts shared,
            Exports exports) {
        this.kinds = kinds;
        this.errorFormat = errorFormat;
        this.clusters = clusters;
        this.stats = stats;
        this.telemetry = telemetry;
        this.clock = clock;
        this.node = node;
        this.failing = failing;
        this.shared = shared;
        this.exports = exports;
    }

    @Override
    public HttpService service(
            ListenerConfig.FilterChain chain,
            ListenerStats listener,
            DrainState drain,
            Load load,
            ExchangeHandler handler)
            throws IOException {
        HttpConfig http = chain.http();
        return new HttpService(
                chain.name(),
                http,
                errorFormat,
                WebSocketHandler.around(handler, http),
                LocalReplies.of(http.localReplies(), compiler),
                telemetry.observer(listener, http, leaving(http)),
                stats.http(http.statPrefix()),
                stats.http2(),
                clock,
                drain,
                load);
    }

    @Override
    public ChainService tcp(ListenerConfig.FilterChain chain, DrainState drain, Load load) throws IOException {
        TcpConfig config = (TcpConfig) chain.service();
        return new TcpProxy(chain.name(), config, clusters, stats, telemetry.logs(config.accessLogs()), drain, load);
    }

    /** Who sends something of the exchanges to collectors; nobody where none is configured. */
    private ExchangeObserver[] leaving(HttpConfig http) {
        List<ExchangeObserver> found = new ArrayList<>();
        if (http.accessLogs().stream().anyMatch(log -> log.sink() instanceof AccessLogConfig.Sink.Remote)) {
            found.add(CollectorLogs.open(http.accessLogs(), node, stats, exports, compiler));
        }
        http.tracing()
                .ifPresent(
                        tracing -> found.add(new Tracer(tracing, http.statPrefix(), node, stats, exports, compiler)));
        return found.toArray(ExchangeObserver[]::new);
    }

    @Override
    public ExchangeHandler handler(ListenerConfig.FilterChain chain, ExchangeHandler before) {
        HttpConfig http = chain.http();
        FilterContext context =
                new FilterContext(http, stats, compiler, telemetry, clusters, node, failing, System::nanoTime, shared);
        return new RequestHandler(
                http,
                filter -> kinds.make(filter, context),
                LocalReplies.of(http.localReplies(), compiler),
                compiler,
                services(http.routes(), context),
                (RequestHandler) before);
    }

    /** What backends say of their services, where routes need it. */
    private KnownServices services(RouteConfig routes, FilterContext context) {
        Set<String> clusters = ReflectedServices.clusters(routes);
        if (clusters.isEmpty()) {
            return KnownServices.NONE;
        }
        ReflectedServices services = shared.of(
                ReflectedServices.class,
                () -> new ReflectedServices(context.calls(), this.clusters.loop(), context.nanoTime()));
        Warming warming = shared.of(Warming.class, Warming::new);
        clusters.forEach(cluster -> warming.add((loop, done) -> services.begin(cluster, loop, done)));
        return services;
    }

    @Override
    public ExchangeObserver connections(ListenerConfig listener) throws IOException {
        return telemetry.logs(listener.accessLogs());
    }

    @Override
    public void release(HttpService service) {
        service.observer().release();
    }
}
