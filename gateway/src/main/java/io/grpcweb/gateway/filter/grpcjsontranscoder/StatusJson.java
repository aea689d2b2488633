package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.PercentEncoding;
import io.grpcweb.gateway.schema.BadMessage;
import io.grpcweb.gateway.schema.JsonWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Base64;

/** Writes the status of a call as {@code google.rpc.Status} in JSON, with its details where there are some. */
final class StatusJson {
    private static final String DETAILS = "grpc-status-details-bin";

    private final JsonWriter json;
    private final ByteBufAllocator allocator;

    StatusJson(JsonWriter json, ByteBufAllocator allocator) {
        this.json = json;
        this.allocator = allocator;
    }

    /** The number in {@code grpc-status}; below 0 where there is none. */
    static int code(Http2Headers fields) {
        CharSequence status = fields.get(GrpcHeaders.STATUS);
        return status == null ? -1 : GrpcStatus.parse(status);
    }

    /** The status that stands in trailers, which becomes the caller's; null for one without a JSON form. */
    ByteBuf write(Http2Headers trailers) {
        ByteBuf out = allocator.buffer();
        try {
            json.write(status(trailers), new ByteBufOutputStream(out));
            return out;
        } catch (BadMessage e) {
            // A detail of a type that nobody here knows: the status goes on as it is, in its fields.
            out.release();
            return null;
        }
    }

    private static Status status(Http2Headers trailers) {
        CharSequence details = trailers.get(DETAILS);
        if (details != null) {
            try {
                return Status.parseFrom(Base64.getDecoder().decode(details.toString()));
            } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
                // The status itself is there all the same.
            }
        }
        CharSequence message = trailers.get(GrpcHeaders.MESSAGE);
        return Status.newBuilder()
                .setCode(code(trailers))
                .setMessage(message == null ? "" : PercentEncoding.decode(message))
                .build();
    }

    /** Takes the status out of fields whose body has it. */
    static void remove(Http2Headers fields) {
        fields.remove(GrpcHeaders.STATUS);
        fields.remove(GrpcHeaders.MESSAGE);
        fields.remove(DETAILS);
    }
}
