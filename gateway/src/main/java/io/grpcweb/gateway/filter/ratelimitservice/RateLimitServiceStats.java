package io.grpcweb.gateway.filter.ratelimitservice;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts at a cluster: {@code cluster.<name>.ratelimit.*}. */
final class RateLimitServiceStats extends StatGroup {
    final LongAdder ok = counter("ok", false);
    final LongAdder overLimit = counter("over_limit", false);
    final LongAdder error = counter("error", false);
    final LongAdder failureModeAllowed = counter("failure_mode_allowed", false);

    RateLimitServiceStats(String prefix, String cluster) {
        super(prefix, "envoy_cluster_ratelimit", List.of(new Label("envoy_cluster_name", cluster)));
    }
}
