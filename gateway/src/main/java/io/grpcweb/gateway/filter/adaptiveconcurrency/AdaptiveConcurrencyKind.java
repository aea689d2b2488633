package io.grpcweb.gateway.filter.adaptiveconcurrency;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.adaptiveconcurrency.AdaptiveConcurrencyConfig.Ideal;
import io.grpcweb.gateway.filter.adaptiveconcurrency.AdaptiveConcurrencyConfig.Limit;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The filter {@code adaptive-concurrency}. */
public final class AdaptiveConcurrencyKind
        implements FilterKind<AdaptiveConcurrencyConfig>, DescribedFormat<AdaptiveConcurrencyConfig> {
    private static final int MOST = 1_000_000;

    /** Envoy's. */
    private static final Limit LIMIT = new Limit(3, 1000, Duration.ofMillis(100));

    private static final Ideal IDEAL = new Ideal(Optional.empty(), Duration.ofMinutes(1), 50, 0.15, 3, 0.25);

    @Override
    public Class<AdaptiveConcurrencyConfig> settings() {
        return AdaptiveConcurrencyConfig.class;
    }

    @Override
    public String type() {
        return "adaptive-concurrency";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency");
    }

    @Override
    public AdaptiveConcurrencyConfig usual(String name) {
        return new AdaptiveConcurrencyConfig(name, true, 0.5, LIMIT, IDEAL, 503);
    }

    @Override
    public AdaptiveConcurrencyConfig fields(Fields own, AdaptiveConcurrencyConfig given) {
        return new AdaptiveConcurrencyConfig(
                given.name(),
                own.flag("enabled", given.enabled()),
                own.share("percentile", given.percentile()),
                own.section("limit", given.limit(), AdaptiveConcurrencyKind::limit),
                own.section("ideal", given.ideal(), AdaptiveConcurrencyKind::ideal),
                own.integer("status", given.status(), 400, 599));
    }

    private static Limit limit(Fields own, Limit given) {
        return new Limit(
                own.integer("least", given.least(), 1, MOST),
                own.integer("most", given.most(), 1, MOST),
                own.duration("every", given.every()));
    }

    private static Ideal ideal(Fields own, Ideal given) {
        return new Ideal(
                own.duration("fixed", given.fixed()),
                own.duration("every", given.every()),
                own.integer("requests", given.requests(), 1, MOST),
                own.share("jitter", given.jitter()),
                own.integer("concurrency", given.concurrency(), 1, MOST),
                own.share("buffer", given.buffer()));
    }

    @Override
    public AdaptiveConcurrencyConfig read(String name, Msg typed, Reading envoy) {
        AdaptiveConcurrencyConfig usual = usual(name);
        Optional<Msg> controller = typed.message("gradient_controller_config");
        return new AdaptiveConcurrencyConfig(
                name,
                typed.message("enabled")
                        .map(flag -> flag.flag("default_value", true))
                        .orElse(true),
                controller
                        .map(one -> Reading.percent(one, "sample_aggregate_percentile", usual.percentile()))
                        .orElse(0.5),
                controller
                        .flatMap(one -> one.message("concurrency_limit_params"))
                        .map(AdaptiveConcurrencyKind::limit)
                        .orElse(LIMIT),
                controller
                        .flatMap(one -> one.message("min_rtt_calc_params"))
                        .map(AdaptiveConcurrencyKind::ideal)
                        .orElse(IDEAL),
                typed.message("concurrency_limit_exceeded_status")
                        .map(status -> envoy.statusCode(status.text("code")))
                        .filter(status -> status >= 400)
                        .orElse(usual.status()));
    }

    private static Limit limit(Msg params) {
        return new Limit(
                params.integer("min_concurrency_limit", LIMIT.least()),
                params.integer("max_concurrency_limit", LIMIT.most()),
                params.duration("concurrency_update_interval", LIMIT.every()));
    }

    private static Ideal ideal(Msg params) {
        return new Ideal(
                params.duration("fixed_value"),
                params.duration("interval", IDEAL.every()),
                params.integer("request_count", IDEAL.requests()),
                Reading.percent(params, "jitter", IDEAL.jitter()),
                params.integer("min_concurrency", IDEAL.concurrency()),
                Reading.percent(params, "buffer", IDEAL.buffer()));
    }

    @Override
    public HttpFilterFactory make(AdaptiveConcurrencyConfig config, FilterContext context) {
        String prefix = context.http().statPrefix();
        AdaptiveConcurrencyStats stats = context.stats()
                .group(
                        "adaptive_concurrency/" + prefix,
                        AdaptiveConcurrencyStats.class,
                        () -> new AdaptiveConcurrencyStats(prefix));
        if (!config.enabled()) {
            return (exchange, head) -> null;
        }
        return new AdaptiveConcurrencyFactory(config, new GradientController(config, stats, context.nanoTime()));
    }
}
