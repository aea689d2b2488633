package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.format.LineChunk;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of one log, a chunk at a time. What was used last is given out first: it is still in the processor's cache,
 * and a log whose writer keeps up uses a few chunks for ever.
 */
final class LineStock {
    static final int CHUNK_BYTES = 64 * 1024;

    private final long limit;
    private final Runnable half;
    private final ConcurrentLinkedDeque<LineChunk> free = new ConcurrentLinkedDeque<>();
    private final AtomicLong used = new AtomicLong();

    /**
     * Stock without a chunk yet.
     *
     * @param limit on the bytes of all chunks that are in use
     * @param half told of each chunk that is given out while more than half of them are in use
     */
    LineStock(long limit, Runnable half) {
        this.limit = limit;
        this.half = half;
    }

    /** A chunk with room for a line; null where the limit is reached. */
    LineChunk take(int length) {
        int bytes = Math.max(length + LineChunk.HEADER_BYTES, CHUNK_BYTES);
        long now = used.addAndGet(bytes);
        if (now > limit) {
            used.addAndGet(-bytes);
            return null;
        }
        if (now > limit / 2) {
            half.run();
        }
        if (bytes > CHUNK_BYTES) {
            // A line as long as that is rare, and its memory is not kept.
            return new LineChunk(ByteBuffer.allocate(bytes));
        }
        LineChunk known = free.pollFirst();
        return known != null ? known : new LineChunk(ByteBuffer.allocateDirect(bytes));
    }

    /** Takes a chunk back whose lines are written, and that nobody fills. */
    void release(LineChunk chunk) {
        if (chunk.capacity() == CHUNK_BYTES) {
            chunk.clear();
            free.addFirst(chunk);
        }
        used.addAndGet(-chunk.capacity());
    }

    /** The bytes of all chunks in use. */
    long used() {
        return used.get();
    }
}
