package io.grpcweb.gateway.filter.apikey;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.api_key_auth.*}. */
final class ApiKeyStats extends StatGroup {
    final LongAdder allowed = counter("allowed");
    final LongAdder forbidden = counter("forbidden");
    final LongAdder unauthorized = counter("unauthorized");

    ApiKeyStats(String http) {
        super(
                "http." + http + ".api_key_auth",
                "envoy_http_api_key_auth",
                List.of(new Label("envoy_http_conn_manager_prefix", http)));
    }
}
