package io.grpcweb.gateway;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.cors.CorsFilterFactory;
import io.grpcweb.gateway.cors.CorsObserver;
import io.grpcweb.gateway.downstream.DateClock;
import io.grpcweb.gateway.downstream.DrainState;
import io.grpcweb.gateway.downstream.HttpService;
import io.grpcweb.gateway.grpcweb.GrpcWebFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.route.RequestHandler;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.upstream.Upstreams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Turns the filters of a configuration into the rooms that exchanges pass, in the order of the file. */
final class FilterChains {
    private final ErrorFormat errorFormat;
    private final Upstreams upstreams;
    private final Stats stats;
    private final Telemetry telemetry;
    private final CorsObserver cors;
    private final DateClock clock;
    private final DrainState drain;

    FilterChains(
            ErrorFormat errorFormat,
            Upstreams upstreams,
            Stats stats,
            Telemetry telemetry,
            CorsObserver cors,
            DateClock clock,
            DrainState drain) {
        this.errorFormat = errorFormat;
        this.upstreams = upstreams;
        this.stats = stats;
        this.telemetry = telemetry;
        this.cors = cors;
        this.clock = clock;
        this.drain = drain;
    }

    /**
     * What the connections of a filter chain serve.
     *
     * @throws IOException names an access log that cannot be opened
     */
    HttpService service(ListenerStats listener, HttpConfig http) throws IOException {
        List<HttpFilterFactory> rooms = new ArrayList<>();
        for (FilterConfig filter : http.filters()) {
            HttpFilterFactory room = room(filter, http);
            if (room != null) {
                rooms.add(room);
            }
        }
        return new HttpService(
                http,
                errorFormat,
                new RequestHandler(http, rooms),
                telemetry.observer(listener, http),
                stats.http(http.statPrefix()),
                clock,
                drain);
    }

    private HttpFilterFactory room(FilterConfig filter, HttpConfig http) {
        if (filter instanceof FilterConfig.GrpcWeb) {
            return GrpcWebFilter.factory();
        }
        if (filter instanceof FilterConfig.Cors) {
            return new CorsFilterFactory(http.routes(), new CorsCounter(stats.http(http.statPrefix()).cors, cors));
        }
        if (filter instanceof FilterConfig.Router router) {
            return (exchange, head) -> upstreams.router(exchange, router);
        }
        return null;
    }
}
