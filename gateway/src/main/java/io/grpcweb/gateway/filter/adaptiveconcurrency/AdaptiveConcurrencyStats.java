package io.grpcweb.gateway.filter.adaptiveconcurrency;

import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.adaptive_concurrency.gradient_controller.*}. */
final class AdaptiveConcurrencyStats extends StatGroup {
    final LongAdder blocked = counter("rq_blocked");
    final Gauge limit = gauge("concurrency_limit");
    final Gauge gradient = gauge("gradient");
    final Gauge burst = gauge("burst_queue_size");
    final Gauge idealMillis = gauge("min_rtt_msecs");
    final Gauge sampleMillis = gauge("sample_rtt_msecs");
    final Gauge measuring = gauge("min_rtt_calculation_active");

    AdaptiveConcurrencyStats(String prefix) {
        super(
                "http." + prefix + ".adaptive_concurrency.gradient_controller",
                "envoy_http_adaptive_concurrency_gradient_controller",
                List.of(new Label("envoy_http_conn_manager_prefix", prefix)));
    }
}
