package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.descriptors.Descriptors;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Optional;

/** The filter {@code rate-limit}, Envoy's {@code local_ratelimit}. */
public final class LocalRateLimitKind implements FilterKind<LocalRateLimit>, DescribedFormat<LocalRateLimit> {
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
        return new LocalRateLimit(
                name,
                name,
                Optional.empty(),
                LocalRateLimit.Counting.NONE,
                false,
                1,
                1,
                new LocalRateLimit.Refusal(LocalRateLimit.Refusal.TOO_MANY, true, List.of(), false, false),
                List.of());
    }

    @Override
    public LocalRateLimit fields(Fields own, LocalRateLimit given) {
        return OwnLocalRateLimit.fields(own, given);
    }

    @Override
    public LocalRateLimit read(String name, Msg typed, Reading envoy) {
        return EnvoyLocalRateLimit.read(name, typed, envoy);
    }

    @Override
    public LocalRateLimit readPlace(String name, Msg typed, Reading envoy) {
        if (!typed.has("token_bucket")) {
            envoy.error(typed, "", "a token_bucket is needed for a route, a virtual host or a route configuration");
        }
        return read(name, typed, envoy);
    }

    @Override
    public HttpFilterFactory make(LocalRateLimit config, FilterContext context) {
        return new LocalRateLimitFactory(
                config,
                Descriptors.of(context, config.counting().limits()),
                context.compiler(),
                stats(config.statPrefix(), context),
                context.nanoTime());
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
