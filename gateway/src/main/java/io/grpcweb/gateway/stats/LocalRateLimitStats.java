package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What a local rate limit counts: {@code <stat_prefix>.http_local_rate_limit.*}. */
public final class LocalRateLimitStats extends StatGroup {
    public final LongAdder enabled = counter("enabled");
    public final LongAdder enforced = counter("enforced");
    public final LongAdder ok = counter("ok");
    public final LongAdder rateLimited = counter("rate_limited");

    LocalRateLimitStats(String statPrefix) {
        super(
                statPrefix + ".http_local_rate_limit",
                "envoy_http_local_rate_limit",
                List.of(new Label("envoy_local_http_ratelimit_prefix", statPrefix)));
        zeroCounters("shadow_mode");
    }
}
