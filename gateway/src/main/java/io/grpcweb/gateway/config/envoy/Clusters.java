package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Discovery;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The clusters of a bootstrap. */
final class Clusters {
    private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private final Reading reading;
    private final Tls tls;
    private final HealthChecks checks;
    private final Discoveries discoveries;
    private final Resilience resilience;
    private final Balancers balancers;
    private final Endpoints endpoints;

    Clusters(Reading reading, Tls tls, Resolvers resolvers) {
        this.reading = reading;
        this.tls = tls;
        this.checks = new HealthChecks(new Headers(reading), reading.matchers());
        this.discoveries = new Discoveries(reading, resolvers);
        this.resilience = new Resilience();
        this.balancers = new Balancers(reading);
        this.endpoints = new Endpoints(reading);
    }

    List<ClusterConfig> read(List<Msg> clusters) {
        List<ClusterConfig> found = new ArrayList<>();
        for (Msg cluster : clusters) {
            if (!reading.clusters.add(cluster.text("name"))) {
                reading.error(cluster, "name", "two clusters are called '" + cluster.text("name") + "'");
            }
            found.add(cluster(cluster));
        }
        return found;
    }

    private ClusterConfig cluster(Msg cluster) {
        Optional<Msg> options = options(cluster);
        Optional<Msg> common = options.flatMap(one -> one.message("common_http_protocol_options"))
                .or(() -> cluster.message("common_http_protocol_options"));
        Optional<Msg> names = options.flatMap(one -> one.message("upstream_http_protocol_options"))
                .or(() -> cluster.message("upstream_http_protocol_options"));
        boolean autoSni = names.map(one -> one.flag("auto_sni", false)).orElse(false);
        boolean autoSan =
                names.map(one -> one.flag("auto_san_validation", false)).orElse(false);
        OptionalInt most = HttpManagers.requestsPerConnection(common);
        if (most.isEmpty() && cluster.has("max_requests_per_connection")) {
            most = cluster.integer("max_requests_per_connection");
        }
        Discovery discovery = discoveries.read(cluster);
        return new ClusterConfig(
                cluster.text("name"),
                discovery,
                assignment(cluster, discovery.type()),
                balancers.read(cluster),
                protocol(cluster, options),
                cluster.duration("connect_timeout", Duration.ofSeconds(5)),
                tls.upstream(cluster, autoSni, autoSan),
                cluster.messages("transport_socket_matches").stream()
                        .map(match -> new ClusterConfig.TlsMatch(
                                match.text("name"),
                                Reading.fields(match.tree("match")),
                                tls.upstream(match, autoSni, autoSan)))
                        .toList(),
                common.flatMap(one -> one.duration("idle_timeout")).orElse(Duration.ofHours(1)),
                common.flatMap(one -> one.duration("max_connection_duration")).orElse(Duration.ZERO),
                common.flatMap(one -> one.duration("max_stream_duration")).orElse(Duration.ZERO),
                most,
                http1Trailers(cluster, options),
                cluster.integer("per_connection_buffer_limit_bytes", ListenerConfig.DEFAULT_BUFFER_BYTES),
                cluster.message("upstream_connection_options")
                        .flatMap(connection -> connection.message("tcp_keepalive"))
                        .map(keepalive -> new ClusterConfig.TcpKeepalive(
                                keepalive.integer("keepalive_probes"),
                                keepalive.integer("keepalive_time"),
                                keepalive.integer("keepalive_interval"))),
                cluster.message("upstream_bind_config")
                        .flatMap(bind -> bind.message("source_address"))
                        .map(Reading::socketAddress),
                http2(cluster, options),
                cluster.message("circuit_breakers").map(resilience::breakers).orElse(ClusterConfig.Breakers.DEFAULT),
                options.map(RouteActions::hashPolicies).orElse(List.of()),
                cluster.message("outlier_detection").map(resilience::outlierDetection),
                healthChecks(cluster),
                new Origin(cluster.place()));
    }

    private Optional<Msg> options(Msg cluster) {
        Optional<Msg> found = Optional.empty();
        for (Msg options : cluster.map("typed_extension_protocol_options").values()) {
            if (options.type().equals(OPTIONS)) {
                found = Optional.of(options);
            } else {
                reading.error(options, "", options.type() + " is no option of an HTTP cluster");
            }
        }
        return found;
    }

    private static ClusterConfig.Protocol protocol(Msg cluster, Optional<Msg> options) {
        if (options.isPresent()) {
            return switch (options.get().which("upstream_protocol_options")) {
                case "auto_config" -> ClusterConfig.Protocol.AUTO;
                case "use_downstream_protocol_config" -> ClusterConfig.Protocol.DOWNSTREAM;
                default ->
                    options.get()
                                    .message("explicit_http_config")
                                    .map(explicit -> explicit.has("http2_protocol_options"))
                                    .orElse(false)
                            ? ClusterConfig.Protocol.HTTP2
                            : ClusterConfig.Protocol.HTTP1;
            };
        }
        if (cluster.text("protocol_selection").equals("USE_DOWNSTREAM_PROTOCOL")) {
            return ClusterConfig.Protocol.DOWNSTREAM;
        }
        return cluster.has("http2_protocol_options") ? ClusterConfig.Protocol.HTTP2 : ClusterConfig.Protocol.HTTP1;
    }

    private static boolean http1Trailers(Msg cluster, Optional<Msg> options) {
        return options.flatMap(one -> one.message(one.which("upstream_protocol_options")))
                .flatMap(config -> config.message("http_protocol_options"))
                .or(() -> cluster.message("http_protocol_options"))
                .map(http1 -> http1.flag("enable_trailers", false))
                .orElse(false);
    }

    private ClusterConfig.Http2 http2(Msg cluster, Optional<Msg> options) {
        ClusterConfig.Http2 otherwise = ClusterConfig.Http2.DEFAULT;
        Optional<Msg> given = options.flatMap(one -> one.message(one.which("upstream_protocol_options")))
                .flatMap(config -> config.message("http2_protocol_options"))
                .or(() -> cluster.message("http2_protocol_options"));
        given.ifPresent(http2 -> HttpManagers.INBOUND_FRAMES.stream()
                .filter(http2::has)
                .forEach(
                        field -> reading.warn(http2, field, "has no effect here: only frames of clients are counted")));
        return given.map(http2 -> new ClusterConfig.Http2(
                        http2.integer("max_concurrent_streams", otherwise.maxConcurrentStreams()),
                        http2.integer("initial_stream_window_size", otherwise.streamWindow()),
                        http2.integer("initial_connection_window_size", otherwise.connectionWindow()),
                        HttpManagers.keepalive(http2),
                        HttpManagers.outbound(http2)))
                .orElse(otherwise);
    }

    private Assignment assignment(Msg cluster, Discovery.Type type) {
        Assignment assignment = cluster.message("load_assignment")
                .map(given -> endpoints.read(given, type))
                .orElse(Assignment.NONE);
        int hosts = assignment.localities().stream()
                .mapToInt(one -> one.hosts().size())
                .sum();
        if (type == Discovery.Type.LOGICAL_DNS && hosts != 1) {
            reading.error(
                    cluster,
                    "load_assignment",
                    "a LOGICAL_DNS cluster has exactly one endpoint, not " + hosts
                            + "; write type: STRICT_DNS for several");
        } else if (type == Discovery.Type.EDS && cluster.has("load_assignment")) {
            reading.error(cluster, "load_assignment", "the endpoints of an EDS cluster come from its control plane");
        } else if (type != Discovery.Type.EDS && hosts == 0) {
            reading.warn(cluster, "", "this cluster has no endpoint: its calls fail with status 14");
        }
        return assignment;
    }

    private List<ClusterConfig.HealthCheck> healthChecks(Msg cluster) {
        List<ClusterConfig.HealthCheck> found = new ArrayList<>();
        cluster.messages("health_checks").forEach(check -> checks.read(check).ifPresent(found::add));
        return found;
    }
}
