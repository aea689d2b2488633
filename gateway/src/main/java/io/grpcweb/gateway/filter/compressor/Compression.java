package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.filter.coding.Encoder;
import io.grpcweb.gateway.filter.coding.Encoders;
import io.grpcweb.gateway.http.Exchange;
import io.netty.buffer.ByteBuf;

/** One body that is being compressed. It must be closed, however the body ends. */
final class Compression {
    private static final int LEAST = 512;
    private static final int MOST = 64 * 1024;

    private final Exchange exchange;
    private final Encoders encoders;
    private final CompressorStats.Way counted;
    private Encoder encoder;

    /** Whether the encoder holds back what was added. */
    private boolean dirty;

    private Compression(Exchange exchange, Encoders encoders, Encoder encoder, CompressorStats.Way counted) {
        this.exchange = exchange;
        this.encoders = encoders;
        this.encoder = encoder;
        this.counted = counted;
    }

    /** One that begins; null where too many are at work. */
    static Compression begin(Exchange exchange, Encoders encoders, CompressorStats.Way counted) {
        Encoder encoder = encoders.take(exchange.executor());
        return encoder == null ? null : new Compression(exchange, encoders, encoder, counted);
    }

    boolean isDirty() {
        return dirty;
    }

    /** Takes a part over, and gives what leaves of it; the caller owns that. */
    ByteBuf add(ByteBuf data, boolean flush, boolean end) {
        int length = data.readableBytes();
        ByteBuf out = exchange.allocator().directBuffer(Math.max(LEAST, Math.min(MOST, length / 2)));
        boolean done = false;
        try {
            encoder.add(data, out);
            if (end) {
                encoder.finish(out);
            } else if (flush) {
                encoder.flush(out);
            }
            dirty = !end && !flush;
            done = true;
        } finally {
            data.release();
            if (!done) {
                out.release();
                close();
            }
        }
        counted.uncompressedBytes.add(length);
        counted.compressedBytes.add(out.readableBytes());
        if (end) {
            close();
        }
        return out;
    }

    /** Gives the encoder back. */
    void close() {
        if (encoder != null) {
            Encoder last = encoder;
            encoder = null;
            encoders.giveBack(exchange.executor(), last);
        }
    }
}
