package io.grpcweb.gateway.filter.connect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * How a call failed, as JSON with {@code code}, {@code message} and {@code details}; and the last message of a stream, which
 * has such an error or none.
 *
 * @param status 1 or more
 * @param message plain text; may be empty
 */
record ConnectError(int status, String message, List<ErrorDetails.Detail> details) {
    /** The flag of the last message of a stream. */
    static final int END_STREAM = 2;

    private static final JsonFactory FACTORY = new JsonFactory();

    static ConnectError of(LocalReply reply) {
        // A status of 0 would be no error to a caller that got no message.
        int status = reply.grpcStatus() == 0 ? GrpcStatus.UNKNOWN.code() : reply.grpcStatus();
        return new ConnectError(status, reply.message(), List.of());
    }

    /** What the fields that end a call of gRPC say; null for success. */
    static ConnectError of(Http2Headers fields) {
        CharSequence sent = fields.get(GrpcHeaders.STATUS);
        if (sent == null) {
            return new ConnectError(GrpcStatus.INTERNAL.code(), "the backend sent no grpc-status", List.of());
        }
        int status = GrpcStatus.parse(sent);
        if (fields.getAll(GrpcHeaders.STATUS).stream().anyMatch(other -> GrpcStatus.parse(other) != status)) {
            return new ConnectError(
                    GrpcStatus.UNKNOWN.code(),
                    "the backend sent several statuses: " + String.join(", ", fields.getAll(GrpcHeaders.STATUS)),
                    List.of());
        }
        if (status == 0) {
            return null;
        }
        CharSequence message = fields.get(GrpcHeaders.MESSAGE);
        String text = message == null ? "" : PercentEncoding.decode(message);
        if (status < 0 && message == null) {
            text = "the backend sent grpc-status \"" + sent + "\"";
        }
        return new ConnectError(
                GrpcStatus.of(status).code(), text, ErrorDetails.of(fields.get(GrpcHeaders.STATUS_DETAILS)));
    }

    /** The body of a unary response; the caller owns it. */
    ByteBuf body(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(64 + message.length());
        write(out, this::error);
        return out;
    }

    /**
     * The last message of a stream with its prefix; the caller owns it.
     *
     * @param error null for success
     */
    static ByteBuf endOfStream(ConnectError error, Metadata metadata, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(128).writeByte(END_STREAM).writeInt(0);
        write(out, json -> {
            json.writeStartObject();
            if (error != null) {
                json.writeFieldName("error");
                error.error(json);
            }
            metadata.write(json);
            json.writeEndObject();
        });
        return out.setInt(1, out.readableBytes() - FrameScanner.PREFIX);
    }

    private void error(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("code", Code.name(status));
        if (!message.isEmpty()) {
            json.writeStringField("message", message);
        }
        if (!details.isEmpty()) {
            json.writeArrayFieldStart("details");
            for (ErrorDetails.Detail detail : details) {
                json.writeStartObject();
                json.writeStringField("type", detail.type());
                json.writeStringField("value", detail.value());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    @FunctionalInterface
    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private static void write(ByteBuf out, Content content) {
        try (JsonGenerator json = FACTORY.createGenerator((OutputStream) new ByteBufOutputStream(out))) {
            content.write(json);
        } catch (IOException e) {
            out.release();
            throw new UncheckedIOException("a buffer cannot be written", e);
        }
    }
}
