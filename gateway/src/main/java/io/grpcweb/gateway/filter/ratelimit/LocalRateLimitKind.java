package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.HeaderFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The filter {@code rate-limit}, Envoy's {@code local_ratelimit}. */
public final class LocalRateLimitKind implements FilterKind<LocalRateLimit> {

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
    public LocalRateLimit read(String name, Section own) {
        Optional<LocalRateLimit.Bucket> bucket = own.section("bucket")
                .map(tokens -> new LocalRateLimit.Bucket(
                        tokens.integer("max", 1, 1, Integer.MAX_VALUE),
                        tokens.integer("fill", 1, 1, Integer.MAX_VALUE),
                        tokens.duration("interval", Duration.ofSeconds(1))));
        return new LocalRateLimit(
                name,
                own.text("stat-prefix", name),
                bucket,
                own.share("enabled", 1),
                own.share("enforced", 1),
                own.integer("status", 429),
                own.flag("resource-exhausted", true),
                HeaderFormat.adds(own, "add-to-response"));
    }

    @Override
    public void write(LocalRateLimit config, Tree own) {
        own.put("stat-prefix", config.statPrefix(), config.name());
        config.bucket()
                .ifPresent(bucket -> own.put(
                        "bucket",
                        new Tree()
                                .put("max", bucket.max())
                                .put("fill", bucket.fill())
                                .put("interval", bucket.interval())));
        own.put("enabled", config.enabled(), 1.0)
                .put("enforced", config.enforced(), 1.0)
                .put("status", config.status(), 429)
                .put("resource-exhausted", config.resourceExhausted(), true)
                .list("add-to-response", config.responseHeaders(), HeaderFormat::write);
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
