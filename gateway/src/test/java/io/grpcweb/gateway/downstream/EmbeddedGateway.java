package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.filter.cors.CorsConfig;
import io.grpcweb.gateway.filter.cors.CorsFilterFactory;
import io.grpcweb.gateway.filter.cors.CorsObserver;
import io.grpcweb.gateway.filter.cors.CorsPolicy;
import io.grpcweb.gateway.filter.grpcweb.GrpcWebConfig;
import io.grpcweb.gateway.filter.grpcweb.GrpcWebFilter;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.route.RequestHandler;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.netty.channel.embedded.EmbeddedChannel;

/** A browser's side of the gateway without sockets: one route, CORS, gRPC-Web, and a room in place of the router. */
final class EmbeddedGateway {
    private final HttpService service;

    /** The rooms of {@code router} are the lowest of each exchange. */
    EmbeddedGateway(HttpFilterFactory router) throws Exception {
        GatewayConfig config = Configs.parse(
                "listeners.main { listen = \"127.0.0.1:1\", access-log = [], cors { origins = [\"https://app.example\"] }"
                        + ", routes = [{ prefix = \"/\", cluster = backend }] }\n"
                        + "clusters.backend { endpoints = [\"127.0.0.1:1\"] }\n",
                "embedded.conf");
        HttpConfig http = config.listeners().get(0).chains().get(0).http();
        Stats stats = new Stats();
        Substitutions compiler = new Substitutions();
        LocalReplies replies = LocalReplies.of(http.localReplies(), compiler);
        service = new HttpService(
                "",
                http,
                ErrorFormat.BROWSER,
                new RequestHandler(http, filter -> room(filter, router), replies, compiler, KnownServices.NONE, null),
                replies,
                new Telemetry(false, stats, null).observer(stats.listener("127.0.0.1_1"), http),
                stats.http(http.statPrefix()),
                stats.http2(),
                new DateClock(),
                new DrainState(),
                new Load());
    }

    /** A new connection in cleartext. */
    EmbeddedChannel connect() {
        EmbeddedChannel channel = new EmbeddedChannel();
        new HttpPipeline(service, over -> {}).cleartext(channel.pipeline());
        return channel;
    }

    private static HttpFilterFactory room(FilterConfig filter, HttpFilterFactory router) {
        if (filter instanceof GrpcWebConfig) {
            return GrpcWebFilter.factory(route -> false, false);
        }
        if (filter instanceof CorsConfig cors) {
            return new CorsFilterFactory(cors, new Unheard());
        }
        return filter.terminal() ? router : (exchange, head) -> null;
    }

    /** Nobody is told of what the CORS filter decides. */
    private static final class Unheard implements CorsObserver {
        @Override
        public void allowed(CorsPolicy policy, boolean preflight) {}

        @Override
        public void refused(CorsPolicy policy, CharSequence origin, boolean preflight) {}

        @Override
        public void refusedHeader(CorsPolicy policy, CharSequence origin, String header) {}
    }
}
