package io.grpcweb.gateway.filter.admissioncontrol;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.admission_control.*}. */
final class AdmissionControlStats extends StatGroup {
    final LongAdder success = counter("rq_success");
    final LongAdder failure = counter("rq_failure");
    final LongAdder rejected = counter("rq_rejected");

    AdmissionControlStats(String prefix) {
        super(
                "http." + prefix + ".admission_control",
                "envoy_http_admission_control",
                List.of(new Label("envoy_http_conn_manager_prefix", prefix)));
    }
}
