package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What active health checks count: {@code cluster.<name>.health_check.*}. */
public final class HealthCheckStats extends StatGroup {
    public final LongAdder attempt = counter("attempt");
    public final LongAdder success = counter("success");
    public final LongAdder failure = counter("failure");
    public final LongAdder passiveFailure = counter("passive_failure");
    public final LongAdder networkFailure = counter("network_failure");
    public final Gauge healthy = gauge("healthy");
    public final Gauge degraded = gauge("degraded");

    HealthCheckStats(String cluster, List<Label> labels) {
        super(cluster + ".health_check", "envoy_cluster_health_check", labels);
        zeroCounters("verify_cluster");
    }
}
