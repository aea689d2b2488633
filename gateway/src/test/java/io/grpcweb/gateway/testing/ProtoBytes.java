package io.grpcweb.gateway.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** Writes protobuf messages field by field, by their numbers, and so without anything that knows what they mean. */
public final class ProtoBytes {
    private static final String GOOGLE = "type.googleapis.com/";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    /** A text. */
    public ProtoBytes text(int field, String value) {
        return write(() -> out.writeString(field, value));
    }

    /** A number, a flag or an enum. */
    public ProtoBytes number(int field, long value) {
        return write(() -> out.writeUInt64(field, value));
    }

    /** Bytes as they are. */
    public ProtoBytes bytes(int field, byte[] value) {
        return write(() -> out.writeBytes(field, ByteString.copyFrom(value)));
    }

    /** A message. */
    public ProtoBytes message(int field, Consumer<ProtoBytes> content) {
        ProtoBytes inner = new ProtoBytes();
        content.accept(inner);
        return bytes(field, inner.toBytes());
    }

    /** A {@code google.protobuf.Any}. */
    public ProtoBytes any(int field, String type, Consumer<ProtoBytes> content) {
        return message(field, any -> any.text(1, GOOGLE + type).message(2, content));
    }

    public byte[] toBytes() {
        write(out::flush);
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private ProtoBytes write(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
