package io.grpcweb.gateway.filter.fault;

import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.fault.*}. */
final class FaultStats extends StatGroup {
    final LongAdder aborts = counter("aborts_injected");
    final LongAdder delays = counter("delays_injected");
    final LongAdder overflow = counter("faults_overflow");
    final LongAdder slowed = counter("response_rl_injected");
    final Gauge active = gauge("active_faults");

    FaultStats(String prefix) {
        super(
                "http." + prefix + ".fault",
                "envoy_http_fault",
                List.of(new Label("envoy_http_conn_manager_prefix", prefix)));
    }
}
