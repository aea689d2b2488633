package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.filter.coding.Coding;
import io.grpcweb.gateway.filter.coding.EnvoyCodings;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Direction;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Etags;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Overrides;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Responses;
import java.util.List;
import java.util.Optional;

/** Reads the filter from an Envoy file. */
final class EnvoyCompressor {
    static final long LEAST_BYTES = 30;

    private EnvoyCompressor() {}

    static CompressorConfig read(String name, Msg typed, Reading envoy) {
        Optional<Msg> library = typed.message("compressor_library");
        Optional<Msg> response = typed.message("response_direction_config");
        return new CompressorConfig(
                name,
                library.map(one -> one.text("name")).orElse(""),
                library.map(one -> List.of(EnvoyCodings.encoder(one, envoy))).orElse(List.of()),
                response.map(one -> direction(one, envoy)).orElseGet(() -> older(typed)),
                rules(response.orElse(typed), typed.flag("choose_first", false)),
                typed.message("request_direction_config")
                        .map(one -> direction(one, envoy))
                        .orElse(new Direction(false, LEAST_BYTES, ContentTypes.USUAL)),
                response.isEmpty(),
                Overrides.NONE);
    }

    private static Direction direction(Msg direction, Reading envoy) {
        Optional<Msg> common = direction.message("common_config");
        if (common.isEmpty()) {
            return new Direction(true, LEAST_BYTES, ContentTypes.USUAL);
        }
        Msg one = common.get();
        List<StringMatch> types = envoy.matchers().texts(one.messages("content_type_matcher"));
        return new Direction(
                enabled(one, "enabled"),
                one.number("min_content_length", LEAST_BYTES),
                types.isEmpty() ? types(one.texts("content_type")) : types);
    }

    /** Fields of the filter itself. */
    private static Direction older(Msg typed) {
        return new Direction(
                enabled(typed, "runtime_enabled"),
                typed.number("content_length", LEAST_BYTES),
                types(typed.texts("content_type")));
    }

    private static boolean enabled(Msg owner, String field) {
        return owner.message(field)
                .map(flag -> flag.flag("default_value", true))
                .orElse(true);
    }

    private static List<StringMatch> types(List<String> names) {
        return names.isEmpty()
                ? ContentTypes.USUAL
                : names.stream().map(ContentTypes::exactly).toList();
    }

    /** The fields that responses have of their own, which older files have in the filter itself. */
    private static Responses rules(Msg owner, boolean first) {
        Etags etags = owner.flag("weaken_etag_on_compress", false)
                ? Etags.WEAKEN
                : owner.flag("disable_on_etag_header", false) ? Etags.KEEP : Etags.REMOVE;
        return new Responses(
                etags,
                owner.flag("remove_accept_encoding_header", false),
                owner.numbers("uncompressible_response_codes").stream()
                        .map(Long::intValue)
                        .toList(),
                owner.flag("status_header_enabled", false),
                first,
                false,
                true);
    }

    static CompressorConfig readPlace(String name, Msg place, Reading envoy) {
        Optional<Msg> overrides = place.message("overrides");
        Optional<Msg> response = overrides.flatMap(one -> one.message("response_direction_config"));
        Optional<Msg> library = overrides.flatMap(one -> one.message("compressor_library"));
        boolean off = place.flag("disabled", false);
        Optional<Coding> coding = library.map(one -> EnvoyCodings.encoder(one, envoy));
        Direction none = new Direction(false, 0, List.of());
        return new CompressorConfig(
                name,
                "",
                List.of(),
                none,
                new Responses(Etags.REMOVE, false, List.of(), false, false, false, true),
                none,
                false,
                new Overrides(
                        off ? Optional.of(false) : response.map(one -> true),
                        response.flatMap(one -> one.flag("remove_accept_encoding_header")),
                        coding,
                        library.map(one -> one.text("name")).orElse("")));
    }
}
