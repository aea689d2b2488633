package io.grpcweb.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A request on its way to a backend: what waits for a stream, and what is kept in case it must be sent again. It owns the
 * parts that it holds.
 */
final class OutgoingRequest {
    /** A request without a stream waits in memory up to this; above it the browser is held back. */
    private static final int HELD_BACK = 64 * 1024;

    private final Http2Headers head;
    private final boolean bodiless;
    private final int mostKept;
    private final Deque<ByteBuf> parts = new ArrayDeque<>(2);
    private Http2Headers trailers;
    private long bytes;
    private boolean keeping = true;
    private boolean complete;

    /**
     * A request whose head has come.
     *
     * @param mostKept bytes of its body that are kept to be sent again
     */
    OutgoingRequest(Http2Headers head, boolean bodiless, int mostKept) {
        this.head = head;
        this.bodiless = bodiless;
        this.complete = bodiless;
        this.mostKept = mostKept;
    }

    Http2Headers head() {
        return head;
    }

    /** Whether its last part has come. */
    boolean isComplete() {
        return complete;
    }

    /** Whether all that has come of it is still at hand. */
    boolean isKept() {
        return keeping;
    }

    /** Whether so much waits for a stream that no more should come. */
    boolean isHeldBack() {
        return !complete && bytes > HELD_BACK;
    }

    /** Takes a part over; {@code stream} is null while there is none. */
    void data(ByteBuf data, boolean end, UpstreamStream stream) {
        complete = end;
        if (keeping && bytes + data.readableBytes() > mostKept) {
            keeping = false;
            if (stream != null) {
                release();
            }
        }
        if (stream == null) {
            add(data);
            return;
        }
        if (keeping) {
            add(data.retainedDuplicate());
        }
        stream.data(data, end);
    }

    private void add(ByteBuf data) {
        bytes += data.readableBytes();
        parts.add(data);
    }

    void trailers(Http2Headers last, UpstreamStream stream) {
        trailers = last;
        complete = true;
        if (stream != null) {
            stream.trailers(last);
        }
    }

    /** Writes the head; what the backend does with it may end the attempt at once. */
    void writeHead(UpstreamStream stream) {
        stream.head(head, bodiless);
    }

    /** Writes what has come so far behind the head. */
    void writeBody(UpstreamStream stream) {
        int left = parts.size();
        for (ByteBuf part : parts) {
            boolean last = --left == 0 && complete && trailers == null;
            stream.data(keeping ? part.retainedDuplicate() : part, last);
        }
        if (trailers != null) {
            stream.trailers(trailers);
        }
        if (!keeping) {
            parts.clear();
            bytes = 0;
        }
    }

    boolean hasBody() {
        return !bodiless;
    }

    /** An answer has begun, or nobody waits for one: it is never sent again. */
    void forget() {
        keeping = false;
        release();
    }

    private void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
        bytes = 0;
    }
}
