package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** The configuration of a gateway that is started with a few options of the command line instead of a file. */
public final class QuickStart {
    private QuickStart() {}

    /**
     * One listener in front of one cluster of gRPC backends.
     *
     * @param origins pages that may call; {@code *} allows every origin, none closes the gateway to other origins
     */
    public static GatewayConfig of(Endpoint listen, List<Endpoint> backends, List<String> origins) {
        String place = "command line";
        Optional<CorsPolicy> cors = origins.isEmpty()
                ? Optional.empty()
                : Optional.of(OwnDefaults.cors(origins, place + ": --allow-origin"));
        RouteConfig.Route route = new RouteConfig.Route(
                "",
                new RouteConfig.Match(new RouteConfig.PathMatch.Prefix("/", false), List.of(), List.of(), false, 1),
                OwnDefaults.forward(new RouteConfig.ClusterChoice.Named("backend"), true),
                HeaderRules.NONE,
                cors,
                Map.of(),
                place);
        RouteConfig.VirtualHost host = new RouteConfig.VirtualHost(
                "default", List.of("*"), List.of(route), HeaderRules.NONE, cors, false, place);
        HttpConfig http = new HttpConfig(
                "main",
                HttpConfig.Codec.AUTO,
                new RouteConfig("main", List.of(host), HeaderRules.NONE, false),
                OwnDefaults.FILTERS,
                OwnDefaults.SERVER,
                OwnDefaults.TIMEOUTS,
                HttpConfig.Limits.DEFAULT,
                HttpConfig.Http2.DEFAULT,
                OwnDefaults.IDENTITY,
                OwnDefaults.PATH,
                List.of(),
                List.of(),
                Set.of(),
                false,
                false);
        ListenerConfig listener = new ListenerConfig(
                "main",
                listen,
                List.of(new ListenerConfig.FilterChain(List.of(), Optional.empty(), http)),
                false,
                OptionalInt.empty(),
                ListenerConfig.DEFAULT_BUFFER_BYTES,
                Optional.empty());
        return new GatewayConfig(
                List.of(listener),
                List.of(cluster(backends, place)),
                Optional.empty(),
                ErrorFormat.BROWSER,
                GatewayConfig.DrainConfig.DEFAULT,
                GatewayConfig.Node.NONE,
                List.of());
    }

    private static ClusterConfig cluster(List<Endpoint> backends, String place) {
        List<ClusterConfig.Host> hosts = backends.stream()
                .map(address -> new ClusterConfig.Host(address, "", 1, ClusterConfig.HealthStatus.UNKNOWN, 0))
                .collect(Collectors.toList());
        return new ClusterConfig(
                "backend",
                new ClusterConfig.Discovery(
                        ClusterConfig.Discovery.Type.STRICT_DNS,
                        Duration.ofSeconds(5),
                        false,
                        ClusterConfig.Discovery.LookupFamily.AUTO),
                List.of(new ClusterConfig.Locality("", "", "", 0, 1, hosts)),
                ClusterConfig.Balancer.ROUND_ROBIN,
                ClusterConfig.Protocol.HTTP2,
                OwnDefaults.CONNECT_TIMEOUT,
                Optional.empty(),
                Duration.ofHours(1),
                Duration.ZERO,
                OptionalInt.empty(),
                ListenerConfig.DEFAULT_BUFFER_BYTES,
                Optional.empty(),
                Optional.empty(),
                ClusterConfig.Http2.DEFAULT,
                ClusterConfig.Breakers.DEFAULT,
                Optional.empty(),
                List.of(),
                place + ": --backend");
    }
}
