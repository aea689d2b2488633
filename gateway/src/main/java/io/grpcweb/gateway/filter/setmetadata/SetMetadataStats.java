package io.grpcweb.gateway.filter.setmetadata;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.set_metadata.*}. */
final class SetMetadataStats extends StatGroup {
    /** Structures that were left out, since their namespace had one. */
    final LongAdder overwriteDenied = counter("overwrite_denied");

    SetMetadataStats(String http) {
        super(
                "http." + http + ".set_metadata",
                "envoy_http_set_metadata",
                List.of(new Label("envoy_http_conn_manager_prefix", http)));
    }
}
