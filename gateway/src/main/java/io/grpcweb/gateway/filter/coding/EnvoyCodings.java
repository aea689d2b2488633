package io.grpcweb.gateway.filter.coding;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import java.util.Optional;

/** Reads the {@code typed_config} of a {@code compressor_library} or a {@code decompressor_library}. */
public final class EnvoyCodings {
    private static final String PACKAGE = "envoy.extensions.compression.";
    private static final int MIDDLE_LEVEL = 6;
    private static final int CHUNK = 4096;

    private EnvoyCodings() {}

    /** The encoder of a library. */
    public static Coding encoder(Msg library, Reading envoy) {
        Optional<Msg> typed = library.message("typed_config");
        if (typed.isEmpty()) {
            return Coding.Gzip.USUAL;
        }
        Msg settings = typed.get();
        return switch (settings.type()) {
            case PACKAGE + "gzip.compressor.v3.Gzip" -> gzip(settings);
            case PACKAGE + "brotli.compressor.v3.Brotli" ->
                new Coding.Brotli(
                        settings.integer("quality", Coding.Brotli.USUAL.quality()),
                        settings.integer("window_bits", Coding.Brotli.USUAL.windowBits()),
                        settings.text("encoder_mode", "DEFAULT").equals("DEFAULT")
                                ? Coding.BrotliMode.GENERIC
                                : Coding.BrotliMode.valueOf(settings.text("encoder_mode")));
            case PACKAGE + "zstd.compressor.v3.Zstd" ->
                new Coding.Zstd(
                        settings.integer("compression_level", Coding.Zstd.USUAL.level()),
                        Coding.ZstdStrategy.valueOf(settings.text("strategy", "DEFAULT")),
                        settings.flag("enable_checksum", false),
                        settings.integer("chunk_size", CHUNK));
            default -> {
                envoy.error(library, "typed_config", "'" + settings.type() + "' is not a library that compresses");
                yield Coding.Gzip.USUAL;
            }
        };
    }

    private static Coding.Gzip gzip(Msg settings) {
        String level = settings.text("compression_level", "DEFAULT_COMPRESSION");
        Coding.GzipStrategy strategy =
                switch (settings.text("compression_strategy", "DEFAULT_STRATEGY")) {
                    case "FILTERED" -> Coding.GzipStrategy.FILTERED;
                    case "HUFFMAN_ONLY" -> Coding.GzipStrategy.HUFFMAN_ONLY;
                    default -> Coding.GzipStrategy.DEFAULT;
                };
        return new Coding.Gzip(level(level), strategy, settings.integer("chunk_size", CHUNK));
    }

    private static int level(String name) {
        return switch (name) {
            case "BEST_SPEED" -> 1;
            case "BEST_COMPRESSION" -> 9;
            case "DEFAULT_COMPRESSION" -> MIDDLE_LEVEL;
            default -> Integer.parseInt(name.substring("COMPRESSION_LEVEL_".length()));
        };
    }

    /** The coding that a library decodes. */
    public static CodingKind decoder(Msg library, Reading envoy) {
        String type = library.message("typed_config").map(Msg::type).orElse("");
        return switch (type) {
            case PACKAGE + "gzip.decompressor.v3.Gzip", "" -> CodingKind.GZIP;
            case PACKAGE + "brotli.decompressor.v3.Brotli" -> CodingKind.BROTLI;
            case PACKAGE + "zstd.decompressor.v3.Zstd" -> CodingKind.ZSTD;
            default -> {
                envoy.error(library, "typed_config", "'" + type + "' is not a library that decompresses");
                yield CodingKind.GZIP;
            }
        };
    }

    /** How many times longer than its coded form a body may be, where the library says so. */
    public static int mostGrowth(Msg library, int otherwise) {
        return library.message("typed_config")
                .filter(settings -> settings.type().endsWith(".Gzip"))
                .map(settings -> settings.integer("max_inflate_ratio", otherwise))
                .orElse(otherwise);
    }
}
