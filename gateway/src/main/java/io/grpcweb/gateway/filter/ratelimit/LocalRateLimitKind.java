package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.HeaderFormat;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The filter {@code rate-limit}, Envoy's {@code local_ratelimit}. */
public final class LocalRateLimitKind implements FilterKind<LocalRateLimit>, DescribedFormat<LocalRateLimit> {
    private static final LocalRateLimit.Bucket USUAL = new LocalRateLimit.Bucket(1, 1, Duration.ofSeconds(1));

    @Override
    public Class<LocalRateLimit> settings() {
        return LocalRateLimit.class;
    }

    @Override
    public String type() {
        return "rate-limit";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit");
    }

    @Override
    public List<String> olderNames() {
        return List.of("local_ratelimit");
    }

    @Override
    public LocalRateLimit usual(String name) {
        return new LocalRateLimit(name, name, Optional.empty(), 1, 1, 429, true, List.of());
    }

    @Override
    public LocalRateLimit fields(Fields own, LocalRateLimit given) {
        return new LocalRateLimit(
                given.name(),
                own.text("stat-prefix", given.statPrefix()),
                own.section("bucket", given.bucket(), USUAL, LocalRateLimitKind::bucket),
                own.share("enabled", given.enabled()),
                own.share("enforced", given.enforced()),
                own.integer("status", given.status()),
                own.flag("resource-exhausted", given.resourceExhausted()),
                HeaderFormat.adds(own, "add-to-response", given.responseHeaders()));
    }

    private static LocalRateLimit.Bucket bucket(Fields own, LocalRateLimit.Bucket given) {
        return new LocalRateLimit.Bucket(
                own.integer("max", given.max(), 1, Integer.MAX_VALUE),
                own.integer("fill", given.fill(), 1, Integer.MAX_VALUE),
                own.duration("interval", given.interval()));
    }

    @Override
    public LocalRateLimit read(String name, Msg typed, Reading envoy) {
        int status = typed.message("status")
                .map(code -> envoy.statusCode(code.text("code")))
                .filter(number -> number >= 400)
                .orElse(429);
        return new LocalRateLimit(
                name,
                typed.text("stat_prefix"),
                typed.message("token_bucket").map(LocalRateLimitKind::bucket),
                Reading.share(typed, "filter_enabled", 0),
                Reading.share(typed, "filter_enforced", 0),
                status,
                typed.flag("rate_limited_as_resource_exhausted", false),
                envoy.headers().add(typed, "response_headers_to_add"));
    }

    private static LocalRateLimit.Bucket bucket(Msg bucket) {
        return new LocalRateLimit.Bucket(
                bucket.integer("max_tokens", 1),
                bucket.integer("tokens_per_fill", 1),
                bucket.duration("fill_interval", Duration.ofSeconds(1)));
    }

    @Override
    public HttpFilterFactory make(LocalRateLimit config, FilterContext context) {
        return new LocalRateLimitFactory(
                config, context.compiler(), stats(config.statPrefix(), context), context.nanoTime());
    }

    /** Limits with the same prefix share their series. */
    private static LocalRateLimitStats stats(String prefix, FilterContext context) {
        return context.stats()
                .group(
                        "http_local_rate_limit/" + prefix,
                        LocalRateLimitStats.class,
                        () -> new LocalRateLimitStats(prefix));
    }
}
