package io.grpcweb.gateway.filter.reflection;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpcweb.gateway.http.FrameScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collection;

/** Questions to a reflection service: {@code ServerReflectionRequest} messages in frames of gRPC. */
final class ReflectionRequest {
    private static final int FILE_BY_FILENAME = 3;
    private static final int FILE_CONTAINING_SYMBOL = 4;
    private static final int LIST_SERVICES = 7;

    private ReflectionRequest() {}

    /** Which services there are. */
    static ByteBuf services() {
        return frame(Unpooled.buffer(), LIST_SERVICES, "*");
    }

    /** The files in which these services are. */
    static ByteBuf filesOf(Collection<String> services) {
        return frames(FILE_CONTAINING_SYMBOL, services);
    }

    /** Files by their names. */
    static ByteBuf files(Collection<String> names) {
        return frames(FILE_BY_FILENAME, names);
    }

    private static ByteBuf frames(int field, Collection<String> values) {
        ByteBuf all = Unpooled.buffer();
        values.forEach(value -> frame(all, field, value));
        return all;
    }

    private static ByteBuf frame(ByteBuf to, int field, String value) {
        byte[] message = UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(value))
                                .build())
                .build()
                .toByteArray();
        to.ensureWritable(FrameScanner.PREFIX + message.length);
        return to.writeByte(0).writeInt(message.length).writeBytes(message);
    }
}
