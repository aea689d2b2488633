package io.grpcweb.gateway.filter.bandwidthlimit;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.bandwidthlimit.BandwidthLimitConfig.Direction;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The filter {@code bandwidth-limit}. */
public final class BandwidthLimitKind
        implements FilterKind<BandwidthLimitConfig>, DescribedFormat<BandwidthLimitConfig> {
    private static final Duration SLICE = Duration.ofMillis(50);

    @Override
    public Class<BandwidthLimitConfig> settings() {
        return BandwidthLimitConfig.class;
    }

    @Override
    public String type() {
        return "bandwidth-limit";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit");
    }

    @Override
    public BandwidthLimitConfig usual(String name) {
        return new BandwidthLimitConfig(
                name, name, Direction.REQUEST_AND_RESPONSE, OptionalLong.empty(), SLICE, 1, false, "");
    }

    @Override
    public BandwidthLimitConfig fields(Fields own, BandwidthLimitConfig given) {
        return new BandwidthLimitConfig(
                given.name(),
                own.text("stat-prefix", given.statPrefix()),
                own.choice("direction", given.direction()),
                rate(own, given.kibPerSecond()),
                own.duration("slice", given.slice()),
                own.share("enabled", given.enabled()),
                own.flag("trailers", given.trailers()),
                own.text("trailer-prefix", given.trailerPrefix()).toLowerCase(Locale.ROOT));
    }

    private static OptionalLong rate(Fields own, OptionalLong given) {
        OptionalInt rate = own.integer(
                "kib-per-second",
                given.isPresent()
                        ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, given.getAsLong()))
                        : OptionalInt.empty());
        if (rate.isPresent() && rate.getAsInt() == 0) {
            own.error("kib-per-second", "must be at least 1, and is 0");
            return OptionalLong.empty();
        }
        return rate.isPresent() ? OptionalLong.of(rate.getAsInt()) : OptionalLong.empty();
    }

    @Override
    public BandwidthLimitConfig read(String name, Msg typed, Reading envoy) {
        return new BandwidthLimitConfig(
                name,
                typed.text("stat_prefix"),
                Direction.valueOf(typed.text("enable_mode", "DISABLED")),
                typed.number("limit_kbps"),
                typed.duration("fill_interval", SLICE),
                typed.message("runtime_enabled")
                                .map(flag -> flag.flag("default_value", true))
                                .orElse(true)
                        ? 1
                        : 0,
                typed.flag("enable_response_trailers", false),
                typed.text("response_trailer_prefix").toLowerCase(Locale.ROOT));
    }

    @Override
    public HttpFilterFactory make(BandwidthLimitConfig config, FilterContext context) {
        BandwidthStats stats = context.stats()
                .group(
                        "http_bandwidth_limit/" + config.statPrefix(),
                        BandwidthStats.class,
                        () -> new BandwidthStats(config.statPrefix()));
        return new BandwidthLimitFactory(config, stats, context.nanoTime());
    }
}
