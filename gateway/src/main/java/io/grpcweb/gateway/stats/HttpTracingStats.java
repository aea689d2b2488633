package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Why exchanges are traced: {@code http.<stat_prefix>.tracing.*}. */
public final class HttpTracingStats extends StatGroup {
    public final LongAdder clientEnabled = counter("client_enabled");
    public final LongAdder notTraceable = counter("not_traceable");
    public final LongAdder randomSampling = counter("random_sampling");
    public final LongAdder serviceForced = counter("service_forced");

    HttpTracingStats(String http, List<Label> labels) {
        super(http + ".tracing", "envoy_http_tracing", labels);
        zeroCounters("health_check");
    }
}
