package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the CORS filter counts: {@code http.<stat_prefix>.cors.*}. */
public final class CorsStats extends StatGroup {
    public final LongAdder originValid = counter("origin_valid");
    public final LongAdder originInvalid = counter("origin_invalid");

    CorsStats(String http, List<Label> labels) {
        super(http + ".cors", "envoy_http_cors", labels);
    }
}
