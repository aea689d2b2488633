package io.grpcweb.gateway.filter.coding;

/** The codings that the gateway knows. */
public enum CodingKind {
    GZIP("gzip", 256),
    BROTLI("br", 64),
    ZSTD("zstd", 32);

    private final String token;
    private final int most;

    CodingKind(String token, int most) {
        this.token = token;
        this.most = most;
    }

    /** Its name in {@code content-encoding} and {@code accept-encoding}. */
    public String token() {
        return token;
    }

    /** How many bodies of one direction may be at work on an event loop; each holds its window in native memory. */
    int most() {
        return most;
    }

    /** With the settings that hold where nothing is written. */
    public Coding usual() {
        return switch (this) {
            case GZIP -> Coding.Gzip.USUAL;
            case BROTLI -> Coding.Brotli.USUAL;
            case ZSTD -> Coding.Zstd.USUAL;
        };
    }
}
