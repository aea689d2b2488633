package io.grpcweb.gateway.filter.calllimit;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.call_limit.<name>.*}. */
final class CallLimitStats extends StatGroup {
    final LongAdder allowed = counter("allowed");
    final LongAdder refused = counter("refused");

    CallLimitStats(String http, String name) {
        super(
                "http." + http + ".call_limit." + name,
                "envoy_http_call_limit",
                List.of(new Label("envoy_http_conn_manager_prefix", http), new Label("filter", name)));
    }
}
