package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.http.FieldsFrame;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;

/** The last frame of a gRPC-Web body: the fields of the trailers in the order of arrival (grpc doc/PROTOCOL-WEB.md). */
final class TrailersFrame {
    /** A peer's trailers above this are replaced by an error: browsers hold them in memory at once. */
    static final int LARGEST = 60 * 1024;

    private TrailersFrame() {}

    /**
     * The frame for the trailers of a backend, cleaned of what a script could trip over: bytes outside of printable
     * ASCII, broken escapes in grpc-message, a missing or unreadable grpc-status, several that differ, of which the
     * trailers keep none. The caller owns it.
     */
    static ByteBuf of(Http2Headers trailers, ByteBufAllocator allocator) {
        int size = 0;
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            size += field.getKey().length() + field.getValue().length() + 3;
        }
        ByteBuf out = FieldsFrame.begin(allocator, size);
        CharSequence status = trailers.get(GrpcHeaders.STATUS);
        boolean readable = status != null && GrpcStatus.parse(status) >= 0;
        boolean written = false;
        boolean hasMessage = trailers.contains(GrpcHeaders.MESSAGE);
        if (!readable) {
            FieldsFrame.line(out, GrpcHeaders.STATUS, "2");
        }
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            CharSequence name = field.getKey();
            CharSequence value = field.getValue();
            if (GrpcHeaders.MESSAGE.contentEquals(name)) {
                FieldsFrame.line(out, name, PercentEncoding.clean(value));
            } else if (GrpcHeaders.STATUS.contentEquals(name)) {
                if (!AsciiString.contentEquals(value, status)) {
                    out.release();
                    settle(trailers);
                    return of(trailers, allocator);
                }
                if (readable && !written) {
                    FieldsFrame.line(out, name, value);
                }
                written = true;
            } else if (FieldsFrame.isPrintable(name) && FieldsFrame.isPrintable(value)) {
                FieldsFrame.line(out, name, value);
            }
        }
        if (!readable && !hasMessage) {
            FieldsFrame.line(
                    out,
                    GrpcHeaders.MESSAGE,
                    status == null
                            ? "the backend sent no grpc-status"
                            : PercentEncoding.encode("the backend sent grpc-status \"" + status + "\""));
        }
        return FieldsFrame.finish(out);
    }

    /** Clients would take one or the other of the statuses: it is not known how the call went. */
    static void settle(Http2Headers fields) {
        List<CharSequence> statuses = fields.getAll(GrpcHeaders.STATUS);
        CharSequence first = statuses.isEmpty() ? null : statuses.get(0);
        if (!statuses.stream().allMatch(one -> AsciiString.contentEquals(one, first))) {
            fields.set(GrpcHeaders.STATUS, "2");
            fields.set(
                    GrpcHeaders.MESSAGE,
                    PercentEncoding.encode("the backend sent several statuses: " + String.join(", ", statuses)));
        }
    }

    /** The frame for a status of the gateway's own. The caller owns it. */
    static ByteBuf of(int status, String message, ByteBufAllocator allocator) {
        ByteBuf out = FieldsFrame.begin(allocator, 64 + message.length());
        FieldsFrame.line(out, GrpcHeaders.STATUS, Integer.toString(status));
        if (!message.isEmpty()) {
            FieldsFrame.line(out, GrpcHeaders.MESSAGE, PercentEncoding.encode(message));
        }
        return FieldsFrame.finish(out);
    }

    /** The size that the fields count for a limit, as HPACK counts it less its overhead. */
    static long sizeOf(Http2Headers trailers) {
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            size += field.getKey().length() + field.getValue().length();
        }
        return size;
    }
}
