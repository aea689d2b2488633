package io.grpcweb.gateway.filter.csrf;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.csrf.*}. */
final class CsrfStats extends StatGroup {
    final LongAdder missingSourceOrigin = counter("missing_source_origin");
    final LongAdder requestInvalid = counter("request_invalid");
    final LongAdder requestValid = counter("request_valid");

    CsrfStats(String http) {
        super("http." + http + ".csrf", "envoy_http_csrf", List.of(new Label("envoy_http_conn_manager_prefix", http)));
    }
}
