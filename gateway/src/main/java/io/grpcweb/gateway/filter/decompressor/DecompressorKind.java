package io.grpcweb.gateway.filter.decompressor;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.coding.CodingKind;
import io.grpcweb.gateway.filter.coding.Codings;
import io.grpcweb.gateway.filter.coding.EnvoyCodings;
import io.grpcweb.gateway.filter.coding.OwnCodings;
import io.grpcweb.gateway.filter.decompressor.DecompressorConfig.Direction;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Optional;

/** The filter {@code decompression}. */
public final class DecompressorKind implements FilterKind<DecompressorConfig>, DescribedFormat<DecompressorConfig> {
    private static final int MOST_GROWTH = 100;
    private static final int LARGEST_GROWTH = 1032;

    @Override
    public Class<DecompressorConfig> settings() {
        return DecompressorConfig.class;
    }

    @Override
    public String type() {
        return "decompression";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.decompressor.v3.Decompressor");
    }

    @Override
    public DecompressorConfig usual(String name) {
        return new DecompressorConfig(
                name,
                name,
                List.of(CodingKind.GZIP),
                new Direction(true, false),
                new Direction(false, false),
                MOST_GROWTH,
                true,
                false,
                false);
    }

    @Override
    public DecompressorConfig fields(Fields own, DecompressorConfig given) {
        return new DecompressorConfig(
                given.name(),
                own.text("stat-prefix", given.library()),
                OwnCodings.kinds(own, given.codings()),
                own.section("requests", given.request(), DecompressorKind::direction),
                own.section("responses", given.response(), DecompressorKind::direction),
                own.integer("most-growth", given.mostGrowth(), 1, LARGEST_GROWTH),
                own.flag("advertise", given.advertise()),
                own.flag("size-trailers", given.sizeTrailers()),
                own.flag("pass-other-codings", given.passesOtherCodings()));
    }

    private static Direction direction(Fields own, Direction given) {
        return new Direction(
                own.flag("enabled", given.enabled()), own.flag("even-no-transform", given.evenNoTransform()));
    }

    @Override
    public DecompressorConfig read(String name, Msg typed, Reading envoy) {
        Optional<Msg> library = typed.message("decompressor_library");
        Optional<Msg> request = typed.message("request_direction_config");
        return new DecompressorConfig(
                name,
                library.map(one -> one.text("name")).orElse(""),
                library.map(one -> List.of(EnvoyCodings.decoder(one, envoy))).orElse(List.of()),
                direction(request),
                direction(typed.message("response_direction_config")),
                library.map(one -> EnvoyCodings.mostGrowth(one, MOST_GROWTH)).orElse(MOST_GROWTH),
                request.map(one -> one.flag("advertise_accept_encoding", true)).orElse(true),
                true,
                true);
    }

    private static Direction direction(Optional<Msg> given) {
        Optional<Msg> common = given.flatMap(one -> one.message("common_config"));
        return new Direction(
                common.flatMap(one -> one.message("enabled"))
                        .map(flag -> flag.flag("default_value", true))
                        .orElse(true),
                common.map(one -> one.flag("ignore_no_transform_header", false)).orElse(false));
    }

    @Override
    public HttpFilterFactory make(DecompressorConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        String first = context.http().filters().stream()
                .filter(DecompressorConfig.class::isInstance)
                .map(other -> ((DecompressorConfig) other).library())
                .findFirst()
                .orElse(config.library());
        Codings codings = context.shared().of(Codings.class, Codings::new);
        return new DecompressorFactory(config, first, codings, kind -> context.stats()
                .group(
                        "http." + http + ".decompressor." + config.library() + "." + kind,
                        DecompressorStats.class,
                        () -> DecompressorStats.of(http, config.library(), kind)));
    }
}
