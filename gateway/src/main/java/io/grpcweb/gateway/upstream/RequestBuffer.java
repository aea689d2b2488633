package io.grpcweb.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The part of a request that waits for a stream, or is kept in case the request must be sent again. It owns what it
 * holds.
 */
final class RequestBuffer {
    private final Deque<ByteBuf> parts = new ArrayDeque<>(2);
    private Http2Headers trailers;
    private long bytes;
    private boolean ended;

    /** Takes a part over. */
    void add(ByteBuf data, boolean end) {
        bytes += data.readableBytes();
        parts.add(data);
        ended = end;
    }

    void end(Http2Headers requestTrailers) {
        trailers = requestTrailers;
        ended = true;
    }

    long bytes() {
        return bytes;
    }

    /** Writes all to a stream; {@code keep} says whether it may be needed once more. */
    void writeTo(UpstreamStream stream, boolean keep) {
        int left = parts.size();
        for (ByteBuf part : parts) {
            boolean last = --left == 0 && ended && trailers == null;
            stream.data(keep ? part.retainedDuplicate() : part, last);
        }
        if (trailers != null) {
            stream.trailers(trailers);
        }
        if (!keep) {
            parts.clear();
            bytes = 0;
        }
    }

    void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
        bytes = 0;
    }
}
