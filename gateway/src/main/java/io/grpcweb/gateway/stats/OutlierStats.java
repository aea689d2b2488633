package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What outlier detection counts: {@code cluster.<name>.outlier_detection.*}. */
public final class OutlierStats extends StatGroup {
    public final Gauge ejectionsActive = gauge("ejections_active");
    public final LongAdder ejectionsDetectedConsecutive5xx = counter("ejections_detected_consecutive_5xx");
    public final LongAdder ejectionsDetectedConsecutiveGatewayFailure =
            counter("ejections_detected_consecutive_gateway_failure");
    public final LongAdder ejectionsDetectedConsecutiveLocalOriginFailure =
            counter("ejections_detected_consecutive_local_origin_failure");
    public final LongAdder ejectionsDetectedFailurePercentage = counter("ejections_detected_failure_percentage");
    public final LongAdder ejectionsDetectedLocalOriginFailurePercentage =
            counter("ejections_detected_local_origin_failure_percentage");
    public final LongAdder ejectionsDetectedLocalOriginSuccessRate =
            counter("ejections_detected_local_origin_success_rate");
    public final LongAdder ejectionsDetectedSuccessRate = counter("ejections_detected_success_rate");
    public final LongAdder ejectionsEnforcedConsecutive5xx = counter("ejections_enforced_consecutive_5xx");
    public final LongAdder ejectionsEnforcedConsecutiveGatewayFailure =
            counter("ejections_enforced_consecutive_gateway_failure");
    public final LongAdder ejectionsEnforcedConsecutiveLocalOriginFailure =
            counter("ejections_enforced_consecutive_local_origin_failure");
    public final LongAdder ejectionsEnforcedFailurePercentage = counter("ejections_enforced_failure_percentage");
    public final LongAdder ejectionsEnforcedLocalOriginFailurePercentage =
            counter("ejections_enforced_local_origin_failure_percentage");
    public final LongAdder ejectionsEnforcedLocalOriginSuccessRate =
            counter("ejections_enforced_local_origin_success_rate");
    public final LongAdder ejectionsEnforcedSuccessRate = counter("ejections_enforced_success_rate");
    public final LongAdder ejectionsEnforcedTotal = counter("ejections_enforced_total");
    public final LongAdder ejectionsOverflow = counter("ejections_overflow");

    OutlierStats(String cluster, List<Label> labels) {
        super(cluster + ".outlier_detection", "envoy_cluster_outlier_detection", labels);
        zeroCounters(
                "ejections_consecutive_5xx",
                "ejections_detected_degradation",
                "ejections_success_rate",
                "ejections_total");
    }
}
