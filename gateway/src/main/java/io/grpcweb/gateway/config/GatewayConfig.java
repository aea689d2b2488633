package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the gateway is started with: what both configuration formats are turned into.
 *
 * @param listeners where clients connect; at least one
 * @param clusters the groups of backends, by unique name
 * @param admin the admin listener, if one is wanted
 * @param errorFormat which of the two personalities of the error path is in force
 * @param drain how the gateway ends
 * @param node what it calls itself in {@code /server_info}
 * @param document the Envoy bootstrap that it was read from, as protobuf's JSON without secrets; empty for the own format
 * @param warnings what was accepted but deserves a line at start, in the order of the file
 * @param dynamic what comes from elsewhere while the gateway serves
 * @param overload what is done when the process runs short
 */
public record GatewayConfig(
        List<ListenerConfig> listeners,
        List<ClusterConfig> clusters,
        Optional<AdminConfig> admin,
        ErrorFormat errorFormat,
        DrainConfig drain,
        Node node,
        Optional<Map<String, Object>> document,
        List<String> warnings,
        DynamicConfig dynamic,
        OverloadConfig overload) {

    /** One that is complete. */
    public GatewayConfig(
            List<ListenerConfig> listeners,
            List<ClusterConfig> clusters,
            Optional<AdminConfig> admin,
            ErrorFormat errorFormat,
            DrainConfig drain,
            Node node,
            Optional<Map<String, Object>> document,
            List<String> warnings,
            OverloadConfig overload) {
        this(listeners, clusters, admin, errorFormat, drain, node, document, warnings, DynamicConfig.NONE, overload);
    }

    public GatewayConfig {
        listeners = List.copyOf(listeners);
        clusters = List.copyOf(clusters);
        warnings = List.copyOf(warnings);
    }

    /** The same with another admin listener and another node. */
    public GatewayConfig with(Optional<AdminConfig> otherAdmin, Node otherNode) {
        return new GatewayConfig(
                listeners, clusters, otherAdmin, errorFormat, drain, otherNode, document, warnings, dynamic, overload);
    }

    /** Whether nothing of it comes from elsewhere. */
    public boolean isComplete() {
        return !dynamic.isPresent()
                && clusters.stream().allMatch(ClusterConfig::isComplete)
                && listeners.stream().allMatch(ListenerConfig::isComplete);
    }

    /** The same with some of its listeners and clusters. */
    public GatewayConfig with(List<ListenerConfig> someListeners, List<ClusterConfig> someClusters) {
        return new GatewayConfig(
                someListeners, someClusters, admin, errorFormat, drain, node, document, warnings, dynamic, overload);
    }

    /** The same with other warnings. */
    public GatewayConfig with(List<String> otherWarnings) {
        return new GatewayConfig(
                listeners, clusters, admin, errorFormat, drain, node, document, otherWarnings, dynamic, overload);
    }

    /** The same with other places that resources come from. */
    public GatewayConfig with(DynamicConfig otherDynamic) {
        return new GatewayConfig(
                listeners, clusters, admin, errorFormat, drain, node, document, warnings, otherDynamic, overload);
    }

    /** Whether a listener or a cluster speaks it. */
    public boolean usesTls() {
        return clusters.stream()
                        .anyMatch(cluster -> cluster.allTls().findFirst().isPresent())
                || listeners.stream()
                        .flatMap(listener -> listener.chains().stream())
                        .anyMatch(chain -> chain.tls().isPresent());
    }

    /**
     * The admin listener.
     *
     * @param host an IP address, or the path of a socket file
     * @param port as that of an {@link Endpoint}
     * @param accessLogs the files that its own requests are logged to
     * @param readyWhen how many of the endpoints of clusters must take calls for {@code /ready}, in percent by name
     */
    public record AdminConfig(String host, int port, List<AccessLogConfig> accessLogs, Map<String, Integer> readyWhen) {
        public AdminConfig {
            accessLogs = List.copyOf(accessLogs);
            readyWhen = Map.copyOf(readyWhen);
        }

        /** Where it listens. */
        public Endpoint address() {
            return new Endpoint(host, port);
        }
    }

    /**
     * How long the gateway takes to end.
     *
     * @param shutdownDelay from SIGTERM (readiness off) until GOAWAY and {@code connection: close}
     * @param shutdownLimit from SIGTERM until the calls still open are ended with status 14
     * @param drainTime how long the drain that the admin pages start takes (Envoy's {@code --drain-time-s})
     * @param gradual whether that drain ramps up over its time, or tells every connection at once
     */
    public record DrainConfig(Duration shutdownDelay, Duration shutdownLimit, Duration drainTime, boolean gradual) {
        /** No delay, 25 s (inside a container's 30 s of grace), Envoy's 600 s, gradual. */
        public static final DrainConfig DEFAULT =
                new DrainConfig(Duration.ZERO, Duration.ofSeconds(25), Duration.ofSeconds(600), true);
    }

    /**
     * Envoy's {@code node}: identity in {@code /server_info} and in logs; empty text where none is given.
     *
     * @param locality where it runs; balancing does not look at it
     */
    public record Node(String id, String cluster, Locality locality) {
        public static final Node NONE = new Node("", "", Locality.NOWHERE);

        /** A place in a network; empty text where none is given. */
        public record Locality(String region, String zone, String subZone) {
            public static final Locality NOWHERE = new Locality("", "", "");
        }
    }
}
