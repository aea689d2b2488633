package io.grpcweb.gateway.testing;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TlsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Configurations of gateways in front of scripted backends. */
public final class Setup {
    private Setup() {}

    /** One listener on a free port, one cluster of these backends, deadlines of callers in force. */
    public static GatewayConfig of(ErrorFormat format, int... backendPorts) {
        List<Endpoint> backends = IntStream.of(backendPorts)
                .mapToObj(port -> new Endpoint("127.0.0.1", port))
                .toList();
        try {
            List<String> origins = List.of("https://app.example");
            GatewayConfig base = Configs.quickStart(new Endpoint("127.0.0.1", 0), backends, origins, Optional.empty());
            return with(base, List.of(quiet(base.listeners().get(0))), base.clusters(), format, base.drain());
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    /** The gateway's own format: a listener with the routes' keys, a cluster of backends with its keys. */
    public static GatewayConfig own(String route, String cluster, String... backends) {
        String endpoints = Stream.of(backends).map(one -> '"' + one + '"').collect(Collectors.joining(", "));
        return parse("listeners.main { listen = \"127.0.0.1:0\", access-log = [], routes = [{ " + route + " }] }\n"
                + "clusters.backend { endpoints = [" + endpoints + "]\n" + cluster + " }\n");
    }

    public static GatewayConfig parse(String text) {
        try {
            return Configs.parse(text, "test.conf");
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    /** Without an access log, which would go to the output of the tests. */
    private static ListenerConfig quiet(ListenerConfig listener) {
        ListenerConfig.FilterChain chain = listener.chains().get(0);
        return with(
                listener,
                Copy.of(chain)
                        .with(
                                "service",
                                new ListenerConfig.Http(
                                        Copy.of(chain.http())
                                                .with("accessLogs", List.of())
                                                .get(),
                                        chain.routes()))
                        .get());
    }

    private static ListenerConfig with(ListenerConfig listener, ListenerConfig.FilterChain chain) {
        return Copy.of(listener).with("chains", List.of(chain)).get();
    }

    /** Calls that are open this long after SIGTERM are ended. */
    public static GatewayConfig endingWithin(Duration limit, GatewayConfig base) {
        GatewayConfig.DrainConfig drain = new GatewayConfig.DrainConfig(
                Duration.ZERO, limit, base.drain().drainTime(), base.drain().gradual());
        return with(base, base.listeners(), base.clusters(), base.errorFormat(), drain);
    }

    /** TLS towards browsers, h2 and http/1.1. */
    public static GatewayConfig secured(Certificates certificates, GatewayConfig base) {
        ListenerConfig plain = base.listeners().get(0);
        ListenerConfig.FilterChain chain = plain.chains().get(0);
        TlsConfig.Downstream tls = new TlsConfig.Downstream(
                List.of(certificates.identity()),
                List.of("h2", "http/1.1"),
                Optional.empty(),
                false,
                TlsConfig.Params.DEFAULT);
        ListenerConfig listener =
                with(plain, Copy.of(chain).with("tls", Optional.of(tls)).get());
        return with(base, List.of(listener), base.clusters(), base.errorFormat(), base.drain());
    }

    /** TLS towards backends, whose certificate must be this one. */
    public static GatewayConfig trusting(Certificates certificates, GatewayConfig base) {
        TlsConfig.Upstream tls = new TlsConfig.Upstream(
                Optional.of("localhost"),
                false,
                false,
                true,
                Optional.of(certificates.authority()),
                true,
                List.of(),
                Optional.empty(),
                List.of(),
                TlsConfig.Upstream.SESSION_KEYS,
                TlsConfig.Params.DEFAULT);
        ClusterConfig cluster =
                Copy.of(base.clusters().get(0)).with("tls", Optional.of(tls)).get();
        return with(base, base.listeners(), List.of(cluster), base.errorFormat(), base.drain());
    }

    private static GatewayConfig with(
            GatewayConfig base,
            List<ListenerConfig> listeners,
            List<ClusterConfig> clusters,
            ErrorFormat format,
            GatewayConfig.DrainConfig drain) {
        return Copy.of(base)
                .with("listeners", listeners)
                .with("clusters", clusters)
                .with("errorFormat", format)
                .with("drain", drain)
                .get();
    }
}
