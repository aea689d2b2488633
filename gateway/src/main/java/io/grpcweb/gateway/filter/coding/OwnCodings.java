package io.grpcweb.gateway.filter.coding;

import io.grpcweb.gateway.config.hocon.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Codings in the gateway's own format: a list of their names, and a section for each that has settings. */
public final class OwnCodings {
    private static final int LEAST_CHUNK = 4096;
    private static final int MOST_CHUNK = 65_536;

    private OwnCodings() {}

    /** The encoders in the order of the list. */
    public static List<Coding> encoders(Fields own, List<Coding> given) {
        List<Coding> found = new ArrayList<>();
        for (String name :
                own.texts("codings", given.stream().map(Coding::token).toList())) {
            Coding coding =
                    switch (name) {
                        case "gzip" ->
                            own.section("gzip", of(given, Coding.Gzip.class, Coding.Gzip.USUAL), OwnCodings::gzip);
                        case "br" ->
                            own.section("br", of(given, Coding.Brotli.class, Coding.Brotli.USUAL), OwnCodings::brotli);
                        case "zstd" ->
                            own.section("zstd", of(given, Coding.Zstd.class, Coding.Zstd.USUAL), OwnCodings::zstd);
                        default -> null;
                    };
            if (coding == null) {
                own.error("codings", "'" + name + "' is none of gzip, br, zstd");
            } else if (found.stream().anyMatch(other -> other.kind() == coding.kind())) {
                own.error("codings", "'" + name + "' stands there twice");
            } else {
                found.add(coding);
            }
        }
        return found;
    }

    /** The codings of decoders. */
    public static List<CodingKind> kinds(Fields own, List<CodingKind> given) {
        List<CodingKind> found = new ArrayList<>();
        for (String name :
                own.texts("codings", given.stream().map(CodingKind::token).toList())) {
            CodingKind kind = Arrays.stream(CodingKind.values())
                    .filter(one -> one.token().equals(name))
                    .findFirst()
                    .orElse(null);
            if (kind == null) {
                own.error("codings", "'" + name + "' is none of gzip, br, zstd");
            } else if (!found.contains(kind)) {
                found.add(kind);
            }
        }
        return found;
    }

    private static <T extends Coding> T of(List<Coding> given, Class<T> kind, T usual) {
        return given.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElse(usual);
    }

    private static Coding.Gzip gzip(Fields own, Coding.Gzip given) {
        return new Coding.Gzip(
                own.integer("level", given.level(), 1, 9),
                own.choice("strategy", given.strategy()),
                own.integer("chunk", given.chunk(), LEAST_CHUNK, MOST_CHUNK));
    }

    private static Coding.Brotli brotli(Fields own, Coding.Brotli given) {
        return new Coding.Brotli(
                own.integer("quality", given.quality(), 0, 11),
                own.integer("window-bits", given.windowBits(), 10, 24),
                own.choice("mode", given.mode()));
    }

    private static Coding.Zstd zstd(Fields own, Coding.Zstd given) {
        return new Coding.Zstd(
                own.integer("level", given.level(), 0, 22),
                own.choice("strategy", given.strategy()),
                own.flag("checksum", given.checksum()),
                own.integer("chunk", given.chunk(), LEAST_CHUNK, MOST_CHUNK));
    }
}
