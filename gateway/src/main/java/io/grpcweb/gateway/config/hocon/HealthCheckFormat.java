package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ClusterConfig.HealthCheck;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.StringMatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Active health checks in the gateway's own format. */
final class HealthCheckFormat {
    /** Intervals without a default of their own follow {@code interval}. */
    static final HealthCheck USUAL = new HealthCheck(
            HealthCheck.Kind.GRPC,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ZERO,
            0,
            2,
            1,
            true,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            "",
            "",
            "",
            true,
            List.of(),
            HeaderRules.NONE,
            "",
            List.of(),
            "GET",
            Optional.empty(),
            HealthCheck.BODY_BYTES);

    private static final StringMatch ANY = new StringMatch.Prefix("", false);
    private static final RouteConfig.Range OK = new RouteConfig.Range(200, 201);

    private HealthCheckFormat() {}

    static HealthCheck fields(Fields own, HealthCheck given) {
        HealthCheck.Kind kind = own.choice("kind", given.kind());
        Duration interval = own.duration("interval", given.interval());
        Duration unhealthy = own.duration("unhealthy-interval", given.unhealthyInterval(), interval);
        HealthCheck check = new HealthCheck(
                kind,
                own.duration("timeout", given.timeout()),
                interval,
                own.duration("initial-jitter", given.initialJitter()),
                own.duration("interval-jitter", given.intervalJitter()),
                own.integer("interval-jitter-percent", given.intervalJitterPercent()),
                own.integer("unhealthy-threshold", given.unhealthyThreshold()),
                own.integer("healthy-threshold", given.healthyThreshold()),
                own.flag("reuse-connection", given.reuseConnection()),
                own.duration("no-traffic-interval", given.noTrafficInterval(), interval),
                unhealthy,
                own.duration("unhealthy-edge-interval", given.unhealthyEdgeInterval(), unhealthy),
                own.duration("healthy-edge-interval", given.healthyEdgeInterval(), interval),
                own.text("host", given.host()),
                own.text("path", given.path()),
                own.text("service", given.service()),
                own.flag("http2", given.http2(), kind == HealthCheck.Kind.GRPC),
                own.sections("expected-statuses", given.expectedStatuses(), OK, HealthCheckFormat::statuses),
                HeaderFormat.rules(own, given.headers()),
                own.text("send", given.send()),
                own.texts("receive", given.receive()),
                own.text("method", given.method()),
                own.section("backend", given.backend(), ANY, MatchFormat::required),
                own.integer("body-bytes", given.bodyBytes()));
        if (kind == HealthCheck.Kind.HTTP && check.path().isEmpty()) {
            own.error("", "'path' is required for a check of kind http");
        }
        return check;
    }

    private static RouteConfig.Range statuses(Fields own, RouteConfig.Range given) {
        return new RouteConfig.Range(own.whole("from", given.from()), own.whole("to", given.to()));
    }
}
