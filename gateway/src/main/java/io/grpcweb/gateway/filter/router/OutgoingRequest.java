package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.upstream.pool.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;

/**
 * A request on its way to a backend: what waits for a stream, and what is kept in case it must be sent again. It owns the
 * parts that it holds.
 */
final class OutgoingRequest {
    /** A request without a stream waits in memory up to this; above it the client is held back. */
    private static final int HELD_BACK = 64 * 1024;

    private final Http2Headers head;
    private final boolean bodiless;
    private final int mostKept;
    private final List<ByteBuf> parts = new ArrayList<>(2);
    private Http2Headers trailers;
    private long bytes;
    private boolean keeping = true;

    /** Whether what came before there was a stream is written: until then, nothing may overtake it. */
    private boolean caughtUp;

    private boolean complete;

    /** What follows the head is for the other protocol, and the backend has not accepted that (yet). */
    private boolean waits;

    /** It never will. */
    private boolean dropped;

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

    /**
     * It asks for another protocol: what follows its head is not sent before the backend has changed to that. To a backend
     * that does not, the same bytes would be another request (RFC 9110 section 7.8).
     */
    void awaitChange() {
        waits = true;
    }

    /** Whether what follows the head waits for the backend to change to another protocol. */
    boolean awaitsChange() {
        return waits;
    }

    /** The backend has changed to the other protocol: what has come for it leaves now. */
    void changed(UpstreamStream stream) {
        waits = false;
        writeBody(stream);
    }

    /** The backend has answered otherwise: there is nothing that the bytes behind the head could be. */
    void refused() {
        waits = false;
        dropped = true;
        forget();
    }

    /** Takes a part over; {@code open} is null while there is no stream. */
    void data(ByteBuf data, boolean end, UpstreamStream open) {
        complete = end;
        if (dropped) {
            data.release();
            return;
        }
        UpstreamStream stream = waits || !caughtUp ? null : open;
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
        if (stream != null && caughtUp && !waits && !dropped) {
            stream.trailers(last);
        }
    }

    /** Writes the head; what the backend does with it may end the attempt at once. */
    void writeHead(UpstreamStream stream) {
        caughtUp = false;
        stream.head(head, bodiless);
    }

    /** Writes what has come so far behind the head; more may come meanwhile, from a filter that may go on. */
    void writeBody(UpstreamStream stream) {
        if (waits) {
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            boolean last = i == parts.size() - 1 && complete && trailers == null;
            stream.data(parts.get(i).retainedDuplicate(), last);
        }
        caughtUp = true;
        if (trailers != null) {
            stream.trailers(trailers);
        }
        if (!keeping) {
            release();
        }
    }

    /** Its body as it is kept, without trailers: a share of it that belongs to the caller. */
    ByteBuf body(ByteBufAllocator allocator) {
        ByteBuf whole = allocator.buffer((int) bytes);
        parts.forEach(part -> whole.writeBytes(part, part.readerIndex(), part.readableBytes()));
        return whole;
    }

    boolean hasTrailers() {
        return trailers != null;
    }

    boolean hasBody() {
        return !bodiless;
    }

    /** A response has begun, or nobody waits for one: it is never sent again. */
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
