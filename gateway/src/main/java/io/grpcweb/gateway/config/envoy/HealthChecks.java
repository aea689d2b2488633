package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.StringMatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Active health checks of a cluster. */
final class HealthChecks {
    private static final String GET = "GET";

    private final Headers headers;
    private final Matchers matchers;

    HealthChecks(Headers headers, Matchers matchers) {
        this.headers = headers;
        this.matchers = matchers;
    }

    Optional<ClusterConfig.HealthCheck> read(Msg check) {
        return switch (check.which("health_checker")) {
            case "http_health_check" -> check.message("http_health_check").map(http -> http(check, http));
            case "grpc_health_check" -> check.message("grpc_health_check").map(grpc -> grpc(check, grpc));
            case "tcp_health_check" -> check.message("tcp_health_check").map(tcp -> tcp(check, tcp));
            default -> Optional.empty();
        };
    }

    private ClusterConfig.HealthCheck http(Msg check, Msg http) {
        List<RouteConfig.Range> expected = http.messages("expected_statuses").stream()
                .map(range -> new RouteConfig.Range(range.number("start", 0), range.number("end", 0)))
                .toList();
        HeaderRules rules = new HeaderRules(
                headers.add(http, "request_headers_to_add"),
                http.texts("request_headers_to_remove"),
                List.of(),
                List.of());
        return build(
                check,
                ClusterConfig.HealthCheck.Kind.HTTP,
                http.text("host"),
                http.text("path"),
                "",
                http.text("codec_client_type").equals("HTTP2"),
                expected,
                rules,
                http.message("send").map(HealthChecks::payload).orElse(""),
                payloads(http),
                http.text("method", "METHOD_UNSPECIFIED").equals("METHOD_UNSPECIFIED") ? GET : http.text("method"),
                http.message("service_name_matcher").flatMap(matchers::text),
                http.integer("response_buffer_size", ClusterConfig.HealthCheck.BODY_BYTES));
    }

    private ClusterConfig.HealthCheck grpc(Msg check, Msg grpc) {
        HeaderRules rules = new HeaderRules(headers.add(grpc, "initial_metadata"), List.of(), List.of(), List.of());
        return build(
                check,
                ClusterConfig.HealthCheck.Kind.GRPC,
                grpc.text("authority"),
                "",
                grpc.text("service_name"),
                true,
                List.of(),
                rules,
                "",
                List.of(),
                GET,
                Optional.empty(),
                0);
    }

    private ClusterConfig.HealthCheck tcp(Msg check, Msg tcp) {
        return build(
                check,
                ClusterConfig.HealthCheck.Kind.TCP,
                "",
                "",
                "",
                false,
                List.of(),
                HeaderRules.NONE,
                tcp.message("send").map(HealthChecks::payload).orElse(""),
                payloads(tcp),
                GET,
                Optional.empty(),
                0);
    }

    private static List<String> payloads(Msg owner) {
        return owner.messages("receive").stream().map(HealthChecks::payload).toList();
    }

    /** Text is hexadecimal already; binary is bytes. */
    private static String payload(Msg payload) {
        return payload.has("binary")
                ? HexFormat.of().formatHex(payload.text("binary").getBytes(StandardCharsets.ISO_8859_1))
                : payload.text("text");
    }

    private static ClusterConfig.HealthCheck build(
            Msg check,
            ClusterConfig.HealthCheck.Kind kind,
            String host,
            String path,
            String service,
            boolean http2,
            List<RouteConfig.Range> expected,
            HeaderRules rules,
            String send,
            List<String> receive,
            String method,
            Optional<StringMatch> backend,
            int bodyBytes) {
        Duration interval = check.duration("interval", Duration.ofSeconds(5));
        Duration unhealthy = check.duration("unhealthy_interval", interval);
        return new ClusterConfig.HealthCheck(
                kind,
                check.duration("timeout", Duration.ofSeconds(1)),
                interval,
                check.duration("initial_jitter", Duration.ZERO),
                check.duration("interval_jitter", Duration.ZERO),
                check.integer("interval_jitter_percent", 0),
                check.integer("unhealthy_threshold", 1),
                check.integer("healthy_threshold", 1),
                check.flag("reuse_connection", true),
                check.duration("no_traffic_interval", Duration.ofMinutes(1)),
                unhealthy,
                check.duration("unhealthy_edge_interval", unhealthy),
                check.duration("healthy_edge_interval", interval),
                host,
                path,
                service,
                http2,
                expected,
                rules,
                send,
                receive,
                method,
                backend,
                bodyBytes);
    }
}
