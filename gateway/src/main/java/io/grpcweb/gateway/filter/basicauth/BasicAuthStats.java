package io.grpcweb.gateway.filter.basicauth;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.basic_auth.*}. */
final class BasicAuthStats extends StatGroup {
    final LongAdder allowed = counter("allowed");
    final LongAdder denied = counter("denied");

    BasicAuthStats(String http) {
        super(
                "http." + http + ".basic_auth",
                "envoy_http_basic_auth",
                List.of(new Label("envoy_http_conn_manager_prefix", http)));
    }
}
