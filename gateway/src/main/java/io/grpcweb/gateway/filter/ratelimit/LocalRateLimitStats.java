package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What a local rate limit counts: {@code <stat_prefix>.http_local_rate_limit.*}. */
final class LocalRateLimitStats extends StatGroup {
    final LongAdder enabled = counter("enabled");
    final LongAdder enforced = counter("enforced");
    final LongAdder ok = counter("ok");
    final LongAdder rateLimited = counter("rate_limited");
    final LongAdder shadowMode = counter("shadow_mode");

    LocalRateLimitStats(String statPrefix) {
        super(
                statPrefix + ".http_local_rate_limit",
                "envoy_http_local_rate_limit",
                List.of(new Label("envoy_local_http_ratelimit_prefix", statPrefix)));
    }
}
