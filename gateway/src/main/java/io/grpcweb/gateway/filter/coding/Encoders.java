package io.grpcweb.gateway.filter.coding;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The encoders of one coding. So many may be at work on each event loop; whoever comes later sends its body as it is. Some
 * that are done are kept for the next body, since new ones cost more than a small body.
 */
public final class Encoders {
    private static final int KEPT = 4;

    private final Coding coding;
    private final Supplier<Encoder> make;
    private final int most;
    private final Map<EventExecutor, OfLoop> loops = new ConcurrentHashMap<>();

    private Encoders(Coding coding, Supplier<Encoder> make) {
        this.coding = coding;
        this.make = make;
        this.most = coding.kind().most();
    }

    /**
     * Encoders of a coding.
     *
     * @throws IllegalStateException where its library cannot be loaded on this machine
     */
    public static Encoders of(Coding coding) {
        if (coding instanceof Coding.Brotli brotli) {
            BrotliLibrary.load();
            return new Encoders(coding, () -> new BrotliEncoder(brotli));
        }
        if (coding instanceof Coding.Zstd zstd) {
            ZstdLibrary.load();
            return new Encoders(coding, () -> new ZstdEncoder(zstd));
        }
        return new Encoders(coding, () -> new GzipEncoder((Coding.Gzip) coding));
    }

    public Coding coding() {
        return coding;
    }

    /** One for a body of this event loop, to be given back in any case; null where as many are at work as may be. */
    public Encoder take(EventExecutor loop) {
        OfLoop here = loops.computeIfAbsent(loop, any -> new OfLoop());
        if (here.atWork >= most) {
            return null;
        }
        here.atWork++;
        Encoder kept = here.kept.poll();
        return kept == null ? make.get() : kept;
    }

    /** The body is over, or given up. */
    public void giveBack(EventExecutor loop, Encoder encoder) {
        OfLoop here = loops.get(loop);
        here.atWork--;
        if (here.kept.size() < KEPT && encoder.reset()) {
            here.kept.add(encoder);
        } else {
            encoder.close();
        }
    }

    /** Touched by one event loop alone. */
    private static final class OfLoop {
        private final Deque<Encoder> kept = new ArrayDeque<>(KEPT);
        private int atWork;
    }
}
