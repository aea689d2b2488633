package io.grpcweb.gateway.filter.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A protobuf message that is being put together, field by field in the order in which they are written. What has the default
 * of its type is left out, as in proto3; an empty message is not.
 */
public final class ProtoMessage {
    private final List<Field> fields = new ArrayList<>();
    private int size;

    private sealed interface Field {}

    private record Text(int number, String value) implements Field {}

    private record Bytes(int number, ByteString value) implements Field {}

    private record Whole(int number, long value) implements Field {}

    private record Decimal(int number, double value) implements Field {}

    private record Nested(int number, ProtoMessage value) implements Field {}

    private void add(Field field, int bytes) {
        fields.add(field);
        size += bytes;
    }

    public ProtoMessage text(int number, CharSequence value) {
        if (value != null && value.length() > 0) {
            String text = Utf8.text(value);
            add(new Text(number, text), CodedOutputStream.computeStringSize(number, text));
        }
        return this;
    }

    /** A text that is written even where it is empty, as a member of a oneof. */
    public ProtoMessage oneText(int number, String value) {
        add(new Text(number, value), CodedOutputStream.computeStringSize(number, value));
        return this;
    }

    public ProtoMessage bytes(int number, ByteString value) {
        if (!value.isEmpty()) {
            add(new Bytes(number, value), CodedOutputStream.computeBytesSize(number, value));
        }
        return this;
    }

    /** A number that is not negative: an integer of any type without a sign of its own, an enum or a flag. */
    public ProtoMessage whole(int number, long value) {
        return value == 0 ? this : oneWhole(number, value);
    }

    /** The same, written even where it is zero. */
    public ProtoMessage oneWhole(int number, long value) {
        add(new Whole(number, value), CodedOutputStream.computeInt64Size(number, value));
        return this;
    }

    /** A double that is written even where it is zero. */
    public ProtoMessage oneDecimal(int number, double value) {
        add(new Decimal(number, value), CodedOutputStream.computeDoubleSize(number, value));
        return this;
    }

    /** A message, which must be complete. */
    public ProtoMessage message(int number, ProtoMessage value) {
        add(
                new Nested(number, value),
                CodedOutputStream.computeTagSize(number)
                        + CodedOutputStream.computeUInt32SizeNoTag(value.size)
                        + value.size);
        return this;
    }

    /** An entry of a map from texts to texts. */
    public ProtoMessage entry(int number, CharSequence key, CharSequence value) {
        return message(number, new ProtoMessage().text(1, key).text(2, value));
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[size];
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            write(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    private void write(CodedOutputStream out) throws IOException {
        for (Field field : fields) {
            if (field instanceof Text text) {
                out.writeString(text.number, text.value);
            } else if (field instanceof Whole whole) {
                out.writeInt64(whole.number, whole.value);
            } else if (field instanceof Nested nested) {
                out.writeTag(nested.number, 2);
                out.writeUInt32NoTag(nested.value.size);
                nested.value.write(out);
            } else if (field instanceof Bytes data) {
                out.writeBytes(data.number, data.value);
            } else if (field instanceof Decimal decimal) {
                out.writeDouble(decimal.number, decimal.value);
            }
        }
    }
}
