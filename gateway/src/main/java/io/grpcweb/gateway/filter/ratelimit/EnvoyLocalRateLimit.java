package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.filter.descriptors.Descriptors.HostLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit}. */
final class EnvoyLocalRateLimit {
    /** Envoy takes no shorter interval. */
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private EnvoyLocalRateLimit() {}

    static LocalRateLimit read(String name, Msg typed, Reading envoy) {
        int status = typed.message("status")
                .map(code -> envoy.statusCode(code.text("code")))
                .filter(number -> number >= 400)
                .orElse(LocalRateLimit.Refusal.TOO_MANY);
        return new LocalRateLimit(
                name,
                typed.text("stat_prefix"),
                typed.message("token_bucket").map(bucket -> bucket(bucket, envoy)),
                new LocalRateLimit.Counting(
                        descriptors(typed, envoy),
                        envoy.rateLimits().ofFilter(typed),
                        switch (typed.text("vh_rate_limits")) {
                            case "INCLUDE" -> HostLimits.INCLUDE;
                            case "IGNORE" -> HostLimits.IGNORE;
                            default -> HostLimits.OVERRIDE;
                        },
                        typed.integer("stage", 0),
                        typed.integer("max_dynamic_descriptors", LocalRateLimit.Counting.NONE.kept()),
                        typed.flag("always_consume_default_token_bucket", true)),
                typed.flag("local_rate_limit_per_downstream_connection", false),
                Reading.share(typed, "filter_enabled", 0),
                Reading.share(typed, "filter_enforced", 0),
                new LocalRateLimit.Refusal(
                        status,
                        typed.flag("rate_limited_as_resource_exhausted", false),
                        envoy.headers().add(typed, "response_headers_to_add"),
                        typed.text("enable_x_ratelimit_headers").equals("DRAFT_VERSION_03"),
                        typed.flag("enable_retry_after_header", false)),
                envoy.headers().add(typed, "request_headers_to_add_when_not_enforced"));
    }

    private static List<LocalRateLimit.Counted> descriptors(Msg typed, Reading envoy) {
        List<LocalRateLimit.Counted> found = new ArrayList<>();
        Set<List<LocalRateLimit.Entry>> seen = new HashSet<>();
        for (Msg descriptor : typed.messages("descriptors")) {
            List<LocalRateLimit.Entry> entries = descriptor.messages("entries").stream()
                    .map(entry -> new LocalRateLimit.Entry(entry.text("key"), entry.text("value")))
                    .toList();
            if (!seen.add(entries)) {
                envoy.error(descriptor, "entries", "the same descriptor stands in the list twice");
            }
            descriptor
                    .message("token_bucket")
                    .ifPresent(bucket -> found.add(new LocalRateLimit.Counted(
                            entries, bucket(bucket, envoy), descriptor.flag("shadow_mode", false))));
        }
        return found;
    }

    private static LocalRateLimit.Bucket bucket(Msg bucket, Reading envoy) {
        Duration interval = bucket.duration("fill_interval", Duration.ofSeconds(1));
        if (interval.compareTo(SHORTEST) < 0) {
            envoy.error(bucket, "fill_interval", "must be 50 ms or more, and is " + interval.toMillis() + " ms");
        }
        return new LocalRateLimit.Bucket(
                bucket.integer("max_tokens", 0), bucket.integer("tokens_per_fill", 1), interval);
    }
}
