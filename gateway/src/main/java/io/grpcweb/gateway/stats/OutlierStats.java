package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What outlier detection counts: {@code cluster.<name>.outlier_detection.*}; the detector itself keeps the numbers. */
public final class OutlierStats extends StatGroup {
    public final Gauge ejectionsActive = gauge("ejections_active");
    private volatile Supplier<Map<String, Long>> source = Map::of;

    OutlierStats(String cluster, List<Label> labels) {
        super(cluster + ".outlier_detection", "envoy_cluster_outlier_detection", labels);
        for (String kind : List.of(
                "consecutive_5xx",
                "consecutive_gateway_failure",
                "consecutive_local_origin_failure",
                "failure_percentage",
                "local_origin_failure_percentage",
                "local_origin_success_rate",
                "success_rate")) {
            followed("ejections_detected_" + kind);
            followed("ejections_enforced_" + kind);
        }
        followed("ejections_enforced_total");
        followed("ejections_overflow");
        followed("ejections_total");
        followed("ejections_consecutive_5xx");
        followed("ejections_success_rate");
        zeroCounters("ejections_detected_degradation");
    }

    private void followed(String name) {
        counter(name, () -> source.get().getOrDefault(name, 0L));
    }

    /** From now on the counters are what the source says, by their names. */
    public void follow(Supplier<Map<String, Long>> counters) {
        source = counters;
    }
}
