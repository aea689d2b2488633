package io.grpcweb.gateway.filter.connect;

import com.google.protobuf.DynamicMessage;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.schema.BadMessage;
import io.grpcweb.gateway.schema.InvalidJson;
import io.grpcweb.gateway.schema.JsonReader;
import io.grpcweb.gateway.schema.JsonRules;
import io.grpcweb.gateway.schema.JsonStyle;
import io.grpcweb.gateway.schema.JsonWriter;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.schema.RpcMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Turns the messages of methods from JSON into protobuf and back. It has no state, and every thread may use it. */
final class MessageCodec {
    private final JsonReader reader;
    private final JsonWriter writer;

    MessageCodec(ProtoSchema schema) {
        reader = new JsonReader(schema, JsonRules.STRICT);
        writer = new JsonWriter(schema, JsonStyle.COMPACT);
    }

    /** A request with its prefix; the caller owns it. */
    ByteBuf request(RpcMethod method, InputStream json, ByteBufAllocator allocator) throws InvalidJson, IOException {
        DynamicMessage message = reader.read(method.input(), json);
        ByteBuf frame = allocator.buffer(FrameScanner.PREFIX + message.getSerializedSize());
        message.writeTo(new ByteBufOutputStream(frame.writeByte(0).writeInt(0)));
        return measured(frame);
    }

    /**
     * A response with its prefix; the caller owns it.
     *
     * @throws IOException if the backend sent something else
     */
    ByteBuf response(RpcMethod method, InputStream proto, ByteBufAllocator allocator) throws BadMessage, IOException {
        DynamicMessage message = DynamicMessage.parseFrom(method.output(), proto);
        ByteBuf frame = allocator.buffer();
        try {
            OutputStream out = new ByteBufOutputStream(frame.writeByte(0).writeInt(0));
            writer.write(message, out);
            return measured(frame.retain());
        } finally {
            frame.release();
        }
    }

    private static ByteBuf measured(ByteBuf frame) {
        return frame.setInt(1, frame.readableBytes() - FrameScanner.PREFIX);
    }
}
