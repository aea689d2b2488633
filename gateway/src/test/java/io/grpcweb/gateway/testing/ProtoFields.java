package io.grpcweb.gateway.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A protobuf message by the numbers of its fields, read and written by the library alone. */
public record ProtoFields(UnknownFieldSet fields) {

    /** Numbers and values in turn: a text, bytes, a whole number, a flag, a double or a message. */
    public static ProtoFields of(Object... numbersAndValues) {
        UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
        for (int i = 0; i < numbersAndValues.length; i += 2) {
            fields.mergeField((int) numbersAndValues[i], field(numbersAndValues[i + 1]));
        }
        return new ProtoFields(fields.build());
    }

    private static Field field(Object value) {
        Field.Builder field = Field.newBuilder();
        if (value instanceof String text) {
            field.addLengthDelimited(ByteString.copyFromUtf8(text));
        } else if (value instanceof ByteString bytes) {
            field.addLengthDelimited(bytes);
        } else if (value instanceof ProtoFields message) {
            field.addLengthDelimited(message.fields.toByteString());
        } else if (value instanceof Boolean flag) {
            field.addVarint(flag ? 1 : 0);
        } else if (value instanceof Double number) {
            field.addFixed64(Double.doubleToLongBits(number));
        } else {
            field.addVarint(((Number) value).longValue());
        }
        return field.build();
    }

    /** The message behind the prefix of a gRPC frame. */
    public static ProtoFields ofFrame(byte[] frame) {
        return parsed(ByteString.copyFrom(frame, 5, frame.length - 5));
    }

    /** A message without a prefix. */
    public static ProtoFields ofMessage(byte[] message) {
        return parsed(ByteString.copyFrom(message));
    }

    private static ProtoFields parsed(ByteString bytes) {
        try {
            return new ProtoFields(UnknownFieldSet.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** A gRPC frame with this message. */
    public byte[] frame() {
        return Frames.message(fields.toByteArray());
    }

    private List<ByteString> values(int number) {
        return fields.getField(number).getLengthDelimitedList();
    }

    /** The first message at the end of a path of numbers; an empty one where there is none. */
    public ProtoFields at(int... path) {
        ProtoFields found = this;
        for (int number : path) {
            List<ByteString> values = found.values(number);
            found = values.isEmpty() ? of() : parsed(values.get(0));
        }
        return found;
    }

    /** All messages in a field. */
    public List<ProtoFields> all(int number) {
        return values(number).stream().map(ProtoFields::parsed).toList();
    }

    public boolean has(int number) {
        return fields.hasField(number);
    }

    /** The last text in a field; empty where there is none. */
    public String text(int number) {
        List<ByteString> values = values(number);
        return values.isEmpty() ? "" : values.get(values.size() - 1).toStringUtf8();
    }

    /** The last whole number in a field; 0 where there is none. */
    public long whole(int number) {
        List<Long> values = fields.getField(number).getVarintList();
        return values.isEmpty() ? 0 : values.get(values.size() - 1);
    }

    /** A map of texts. */
    public Map<String, String> map(int number) {
        Map<String, String> found = new TreeMap<>();
        all(number).forEach(entry -> found.put(entry.text(1), entry.text(2)));
        return found;
    }
}
