package io.grpcweb.gateway.filter.coding;

/** A content coding with the settings of its encoder. It is read without its library, which is loaded by {@link Encoders}. */
public sealed interface Coding permits Coding.Gzip, Coding.Brotli, Coding.Zstd {

    /** Its name in {@code content-encoding} and {@code accept-encoding}. */
    default String token() {
        return kind().token();
    }

    CodingKind kind();

    /** How gzip looks for repetitions: the strategies of zlib that Java offers. */
    enum GzipStrategy {
        DEFAULT,
        FILTERED,
        HUFFMAN_ONLY
    }

    /** What brotli expects of its input. */
    enum BrotliMode {
        GENERIC,
        TEXT,
        FONT
    }

    /** The strategies of zstd, from the fastest one to the strongest one. */
    enum ZstdStrategy {
        DEFAULT(0),
        FAST(1),
        DFAST(2),
        GREEDY(3),
        LAZY(4),
        LAZY2(5),
        BTLAZY2(6),
        BTOPT(7),
        BTULTRA(8),
        BTULTRA2(9);

        private final int number;

        ZstdStrategy(int number) {
            this.number = number;
        }

        /** Its number in the library. */
        int number() {
            return number;
        }
    }

    /**
     * RFC 1952.
     *
     * @param level 1 to 9
     * @param chunk bytes by which the output grows
     */
    record Gzip(int level, GzipStrategy strategy, int chunk) implements Coding {
        public static final Gzip USUAL = new Gzip(6, GzipStrategy.DEFAULT, 4096);

        @Override
        public CodingKind kind() {
            return CodingKind.GZIP;
        }
    }

    /**
     * RFC 7932.
     *
     * @param quality 0 to 11
     * @param windowBits 10 to 24
     */
    record Brotli(int quality, int windowBits, BrotliMode mode) implements Coding {
        public static final Brotli USUAL = new Brotli(3, 18, BrotliMode.GENERIC);

        @Override
        public CodingKind kind() {
            return CodingKind.BROTLI;
        }
    }

    /**
     * RFC 8878.
     *
     * @param level 0 for the library's own, else 1 to 22
     * @param chunk bytes by which the output grows
     */
    record Zstd(int level, ZstdStrategy strategy, boolean checksum, int chunk) implements Coding {
        public static final Zstd USUAL = new Zstd(3, ZstdStrategy.DEFAULT, false, 4096);

        @Override
        public CodingKind kind() {
            return CodingKind.ZSTD;
        }
    }
}
