package io.grpcweb.gateway.filter.coding;

import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The decoders of one coding. So many may be at work on each event loop. */
public final class Decoders {
    private final CodingKind kind;
    private final Supplier<Decoder> make;

    /** How many are at work; a number is written by its event loop alone. */
    private final Map<EventExecutor, int[]> atWork = new ConcurrentHashMap<>();

    private Decoders(CodingKind kind, Supplier<Decoder> make) {
        this.kind = kind;
        this.make = make;
    }

    /**
     * Decoders of a coding.
     *
     * @throws IllegalStateException where its library cannot be loaded on this machine
     */
    public static Decoders of(CodingKind kind) {
        return switch (kind) {
            case GZIP -> new Decoders(kind, GzipDecoder::new);
            case BROTLI -> {
                BrotliLibrary.load();
                yield new Decoders(kind, BrotliDecoder::new);
            }
            case ZSTD -> {
                ZstdLibrary.load();
                yield new Decoders(kind, ZstdDecoder::new);
            }
        };
    }

    /** One for a body of this event loop, to be given back in any case; null where as many are at work as may be. */
    public Decoder take(EventExecutor loop) {
        int[] here = atWork.computeIfAbsent(loop, any -> new int[1]);
        if (here[0] >= kind.most()) {
            return null;
        }
        here[0]++;
        return make.get();
    }

    /** The body is over, or given up. */
    public void giveBack(EventExecutor loop, Decoder decoder) {
        atWork.get(loop)[0]--;
        decoder.close();
    }
}
