package io.grpcweb.gateway.config.envoy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Values of protobuf's binary form to the texts that they have in YAML, those of protobuf's own messages included. */
final class BinaryScalars {
    private static final int NANOS = 1_000_000_000;
    private static final int VALUE = 1 << 3;
    private static final int MAX_VALUES = 4_000_000;

    private final Schema schema;
    private final Mark mark;
    private int values;

    BinaryScalars(Schema schema, Mark mark) {
        this.schema = schema;
        this.mark = mark;
    }

    /** Whether many of the kind may be packed together. */
    static boolean isNumber(String kind) {
        return switch (kind) {
            case "bool", "enum", "float", "double" -> true;
            default -> (kind.endsWith("32") || kind.endsWith("64")) && Character.isLowerCase(kind.charAt(0));
        };
    }

    static int wireType(String kind) {
        return switch (kind) {
            case "double", "fixed64", "sfixed64" -> WireFormat.WIRETYPE_FIXED64;
            case "float", "fixed32", "sfixed32" -> WireFormat.WIRETYPE_FIXED32;
            default -> isNumber(kind) ? WireFormat.WIRETYPE_VARINT : WireFormat.WIRETYPE_LENGTH_DELIMITED;
        };
    }

    /** What a value of the kind is where none is written. */
    static String unset(String kind) {
        return switch (kind.toLowerCase(Locale.ROOT)) {
            case "string", "bytes" -> "";
            case "bool" -> "false";
            default -> "0";
        };
    }

    Yaml.Scalar number(CodedInputStream in, String kind, String type) throws IOException {
        String text =
                switch (kind) {
                    case "bool" -> String.valueOf(in.readBool());
                    case "enum" -> name(in.readEnum(), type);
                    case "double" -> decimal(in.readDouble());
                    case "float" -> String.valueOf(in.readFloat());
                    case "int32" -> String.valueOf(in.readInt32());
                    case "uint32" -> Integer.toUnsignedString(in.readUInt32());
                    case "sint32" -> String.valueOf(in.readSInt32());
                    case "fixed32" -> Integer.toUnsignedString(in.readFixed32());
                    case "sfixed32" -> String.valueOf(in.readSFixed32());
                    case "int64" -> String.valueOf(in.readInt64());
                    case "uint64" -> Long.toUnsignedString(in.readUInt64());
                    case "sint64" -> String.valueOf(in.readSInt64());
                    case "fixed64" -> Long.toUnsignedString(in.readFixed64());
                    case "sfixed64" -> String.valueOf(in.readSFixed64());
                    default -> throw new IllegalArgumentException(kind);
                };
        return counted(plain(text));
    }

    /** Counts what is put into the tree: one byte of a packed list takes a hundred times as much there. */
    <T extends Yaml> T counted(T value) throws IOException {
        if (++values > MAX_VALUES) {
            throw new InvalidProtocolBufferException("there are more than " + MAX_VALUES + " values");
        }
        return value;
    }

    private Yaml.Scalar plain(String text) {
        return new Yaml.Scalar(text, false, mark);
    }

    private Yaml.Scalar text(String text) {
        return new Yaml.Scalar(text, true, mark);
    }

    /** The name of an enum's value, or its number where Envoy has no name for it. */
    private String name(int number, String type) {
        Map<String, Integer> values = schema.values(type);
        for (Map.Entry<String, Integer> value : values.entrySet()) {
            if (value.getValue() == number) {
                return value.getKey();
            }
        }
        return String.valueOf(number);
    }

    private static String decimal(double number) {
        return Double.isFinite(number) && number == Math.rint(number) && Math.abs(number) < 1e15
                ? BigDecimal.valueOf((long) number).toPlainString()
                : String.valueOf(number);
    }

    /** @param depth how deep a struct may still be nested */
    Yaml value(CodedInputStream in, String kind, String type, int depth) throws IOException {
        return switch (kind) {
            case "string" -> counted(text(in.readStringRequireUtf8()));
            case "bytes" -> counted(text(Base64.getEncoder().encodeToString(in.readByteArray())));
            case "duration" -> duration(in.readByteArray());
            case "timestamp" -> timestamp(in.readByteArray());
            case "struct" -> struct(in.readByteArray(), depth);
            case "value" -> valueOf(in.readByteArray(), depth);
            case "listvalue" -> list(in.readByteArray(), depth);
            case "fieldmask" -> text(String.join(",", paths(in.readByteArray())));
            case "empty" -> {
                in.skipRawBytes(in.readRawVarint32());
                yield new Yaml.Mapping(mark);
            }
            default -> isNumber(kind) ? number(in, kind, type) : wrapped(in.readByteArray(), kind, depth);
        };
    }

    /** A {@code google.protobuf.UInt32Value} or the like. */
    private Yaml wrapped(byte[] bytes, String kind, int depth) throws IOException {
        String inner = kind.toLowerCase(Locale.ROOT);
        Yaml found = new Yaml.Scalar(unset(inner), inner.equals("string") || inner.equals("bytes"), mark);
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == (VALUE | wireType(inner))) {
                found = value(in, inner, "", depth);
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }

    private Yaml duration(byte[] bytes) throws IOException {
        long[] parts = secondsAndNanos(bytes);
        boolean fits = Math.abs(parts[1]) < NANOS && (parts[0] == 0 || parts[1] == 0 || parts[0] < 0 == parts[1] < 0);
        if (fits && Math.abs(parts[0]) < 1L << 40) {
            return plain(Scalars.text(Duration.ofSeconds(parts[0], parts[1])));
        }
        Yaml.Mapping mapping = new Yaml.Mapping(mark);
        mapping.put("seconds", mark, plain(String.valueOf(parts[0])));
        mapping.put("nanos", mark, plain(String.valueOf(parts[1])));
        return mapping;
    }

    private Yaml timestamp(byte[] bytes) throws IOException {
        long[] parts = secondsAndNanos(bytes);
        try {
            return text(Instant.ofEpochSecond(parts[0], parts[1]).toString());
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidProtocolBufferException("a time of " + parts[0] + " seconds is out of range");
        }
    }

    private static long[] secondsAndNanos(byte[] bytes) throws IOException {
        long[] parts = new long[2];
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 -> parts[0] = in.readInt64();
                case 2 << 3 -> parts[1] = in.readInt32();
                default -> in.skipField(tag);
            }
        }
        return parts;
    }

    private static List<String> paths(byte[] bytes) throws IOException {
        List<String> paths = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == (VALUE | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                paths.add(in.readStringRequireUtf8());
            } else {
                in.skipField(tag);
            }
        }
        return paths;
    }

    private Yaml.Mapping struct(byte[] bytes, int depth) throws IOException {
        Yaml.Mapping mapping = new Yaml.Mapping(mark);
        for (byte[] entry : messages(bytes)) {
            String key = "";
            Yaml value = plain("null");
            CodedInputStream in = CodedInputStream.newInstance(entry);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag) {
                    case VALUE | WireFormat.WIRETYPE_LENGTH_DELIMITED -> key = in.readStringRequireUtf8();
                    case 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                        value = valueOf(in.readByteArray(), depth - 1);
                    default -> in.skipField(tag);
                }
            }
            mapping.put(key, mark, value);
        }
        return mapping;
    }

    private Yaml.Sequence list(byte[] bytes, int depth) throws IOException {
        List<Yaml> items = new ArrayList<>();
        for (byte[] item : messages(bytes)) {
            items.add(valueOf(item, depth - 1));
        }
        return new Yaml.Sequence(items, mark);
    }

    /** The messages in the field with the number 1. */
    private static List<byte[]> messages(byte[] bytes) throws IOException {
        List<byte[]> found = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == (VALUE | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                found.add(in.readByteArray());
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }

    /** A {@code google.protobuf.Value}. */
    private Yaml valueOf(byte[] bytes, int depth) throws IOException {
        if (depth < 0) {
            throw new InvalidProtocolBufferException("a struct is nested too deep");
        }
        Yaml found = plain("null");
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 2 << 3 | WireFormat.WIRETYPE_FIXED64 -> found = plain(decimal(in.readDouble()));
                case 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> found = text(in.readStringRequireUtf8());
                case 4 << 3 -> found = plain(String.valueOf(in.readBool()));
                case 5 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> found = struct(in.readByteArray(), depth);
                case 6 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> found = list(in.readByteArray(), depth);
                default -> {
                    in.skipField(tag);
                    found = plain("null");
                }
            }
        }
        return counted(found);
    }
}
