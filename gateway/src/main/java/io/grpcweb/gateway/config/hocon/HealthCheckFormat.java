package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ClusterConfig.HealthCheck;
import io.grpcweb.gateway.config.RouteConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Active health checks in the gateway's own format. */
final class HealthCheckFormat {
    private HealthCheckFormat() {}

    static List<HealthCheck> read(Section cluster) {
        List<HealthCheck> found = new ArrayList<>();
        for (Section check : cluster.sections("health-checks")) {
            found.add(one(check));
        }
        return found;
    }

    private static HealthCheck one(Section check) {
        Duration interval = check.duration("interval", Duration.ofSeconds(5));
        Duration unhealthy = check.duration("unhealthy-interval", interval);
        HealthCheck.Kind kind = check.choice("kind", HealthCheck.Kind.class, HealthCheck.Kind.GRPC);
        if (kind == HealthCheck.Kind.HTTP && !check.has("path")) {
            check.error("", "'path' is required for a check of kind http");
        }
        List<RouteConfig.Range> statuses = check.sections("expected-statuses").stream()
                .map(range -> new RouteConfig.Range(range.whole("from", 200), range.whole("to", 201)))
                .toList();
        return new HealthCheck(
                kind,
                check.duration("timeout", Duration.ofSeconds(1)),
                interval,
                check.duration("initial-jitter", Duration.ZERO),
                check.duration("interval-jitter", Duration.ZERO),
                check.integer("interval-jitter-percent", 0),
                check.integer("unhealthy-threshold", 2),
                check.integer("healthy-threshold", 1),
                check.flag("reuse-connection", true),
                check.duration("no-traffic-interval", interval),
                unhealthy,
                check.duration("unhealthy-edge-interval", unhealthy),
                check.duration("healthy-edge-interval", interval),
                check.text("host", ""),
                check.text("path", ""),
                check.text("service", ""),
                check.flag("http2", kind == HealthCheck.Kind.GRPC),
                statuses,
                HeaderFormat.read(check),
                check.text("send", ""),
                check.texts("receive"));
    }

    static void write(Tree cluster, List<HealthCheck> checks) {
        cluster.list("health-checks", checks, HealthCheckFormat::write);
    }

    private static Tree write(HealthCheck check) {
        Tree tree = new Tree()
                .put("kind", check.kind())
                .put("timeout", check.timeout(), Duration.ofSeconds(1))
                .put("interval", check.interval(), Duration.ofSeconds(5))
                .put("initial-jitter", check.initialJitter(), Duration.ZERO)
                .put("interval-jitter", check.intervalJitter(), Duration.ZERO)
                .put("interval-jitter-percent", check.intervalJitterPercent(), 0)
                .put("unhealthy-threshold", check.unhealthyThreshold(), 2)
                .put("healthy-threshold", check.healthyThreshold(), 1)
                .put("reuse-connection", check.reuseConnection(), true)
                .put("no-traffic-interval", check.noTrafficInterval(), check.interval())
                .put("unhealthy-interval", check.unhealthyInterval(), check.interval())
                .put("unhealthy-edge-interval", check.unhealthyEdgeInterval(), check.unhealthyInterval())
                .put("healthy-edge-interval", check.healthyEdgeInterval(), check.interval())
                .put("host", check.host(), "")
                .put("path", check.path(), "")
                .put("service", check.service(), "")
                .put("http2", check.http2(), check.kind() == HealthCheck.Kind.GRPC)
                .list("expected-statuses", check.expectedStatuses(), range -> new Tree()
                        .put("from", range.from())
                        .put("to", range.to()));
        HeaderFormat.write(tree, check.headers());
        return tree.put("send", check.send(), "").list("receive", check.receive());
    }
}
