package io.grpcweb.gateway.config.envoy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes of a protobuf message to the tree that its JSON would give, by the table of messages: what reads files reads them then.
 * A field that is not in the table stands under its number.
 */
final class BinaryTree {
    private static final Mark NOWHERE = new Mark("", 0);
    private static final int MAX_DEPTH = 200;

    private final Schema schema;
    private int depth;

    BinaryTree(Schema schema) {
        this.schema = schema;
    }

    /**
     * The tree of a message.
     *
     * @throws IOException when it is none
     */
    Yaml.Mapping of(byte[] bytes, String typeName) throws IOException {
        return message(CodedInputStream.newInstance(bytes), schema.type(typeName));
    }

    private Yaml.Mapping message(CodedInputStream in, Schema.Type type) throws IOException {
        if (++depth > MAX_DEPTH) {
            throw new IOException("messages are nested deeper than " + MAX_DEPTH + " levels");
        }
        Yaml.Mapping tree = new Yaml.Mapping(NOWHERE);
        Map<Integer, Schema.Field> fields = new LinkedHashMap<>();
        type.fields().values().forEach(field -> fields.put(field.number(), field));
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Schema.Field field = fields.get(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                in.skipField(tag);
                tree.put(
                        Integer.toString(WireFormat.getTagFieldNumber(tag)),
                        NOWHERE,
                        new Yaml.Scalar("", true, NOWHERE));
            } else {
                field(in, tag, field, tree);
            }
        }
        depth--;
        return tree;
    }

    private void field(CodedInputStream in, int tag, Schema.Field field, Yaml.Mapping tree) throws IOException {
        switch (field.count()) {
            case ONE -> tree.put(field.name(), NOWHERE, value(in, field));
            case LIST -> {
                if (!(tree.get(field.name()) instanceof Yaml.Sequence)) {
                    tree.put(field.name(), NOWHERE, new Yaml.Sequence(new ArrayList<>(), NOWHERE));
                }
                Yaml.Sequence list = (Yaml.Sequence) tree.get(field.name());
                if (isPacked(tag, field.kind())) {
                    int limit = in.pushLimit(in.readRawVarint32());
                    while (in.getBytesUntilLimit() > 0) {
                        list.items().add(value(in, field));
                    }
                    in.popLimit(limit);
                } else {
                    list.items().add(value(in, field));
                }
            }
            case MAP -> {
                if (tree.mapping(field.name()) == null) {
                    tree.put(field.name(), NOWHERE, new Yaml.Mapping(NOWHERE));
                }
                entry(in, field, tree.mapping(field.name()));
            }
        }
    }

    private static boolean isPacked(int tag, String kind) {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
                && switch (kind) {
                    case "bool", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "double", "float", "enum" ->
                        true;
                    default -> false;
                };
    }

    private void entry(CodedInputStream in, Schema.Field field, Yaml.Mapping map) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        String key = "";
        Yaml value = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> key = scalar(in, field.key(), "").text();
                case 2 -> value = value(in, field);
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        map.put(key, NOWHERE, value == null ? new Yaml.Mapping(NOWHERE) : value);
    }

    private Yaml value(CodedInputStream in, Schema.Field field) throws IOException {
        return switch (field.kind()) {
            case "message" -> message(inner(in), schema.type(field.type()));
            case "any" -> any(inner(in));
            case "struct" -> struct(inner(in));
            case "value" -> structValue(inner(in));
            case "listvalue" -> listValue(inner(in));
            case "duration" -> text(seconds(inner(in)) + "s");
            case "timestamp" -> text(seconds(inner(in)));
            case "empty" -> {
                inner(in);
                yield new Yaml.Mapping(NOWHERE);
            }
            default ->
                Character.isUpperCase(field.kind().charAt(0))
                        ? wrapped(inner(in), field.kind())
                        : scalar(in, field.kind(), field.type());
        };
    }

    private static CodedInputStream inner(CodedInputStream in) throws IOException {
        return in.readBytes().newCodedInput();
    }

    private Yaml wrapped(CodedInputStream in, String kind) throws IOException {
        String plain = kind.equals("String") ? "string" : kind.equals("Bytes") ? "bytes" : lower(kind);
        Yaml value = switch (plain) {
            case "string", "bytes" -> text("");
            case "bool" -> plain("false");
            default -> plain("0");
        };
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                value = scalar(in, plain, "");
            } else {
                in.skipField(tag);
            }
        }
        return value;
    }

    private static String lower(String kind) {
        return kind.startsWith("UI") ? "ui" + kind.substring(2) : Character.toLowerCase(kind.charAt(0)) + kind.substring(1);
    }

    private Yaml.Scalar scalar(CodedInputStream in, String kind, String type) throws IOException {
        return switch (kind) {
            case "string", "fieldmask" -> text(in.readStringRequireUtf8());
            case "bytes" -> text(Base64.getEncoder().encodeToString(in.readByteArray()));
            case "bool" -> plain(Boolean.toString(in.readBool()));
            case "double" -> plain(number(in.readDouble()));
            case "float" -> plain(number(in.readFloat()));
            case "int32" -> plain(Integer.toString(in.readInt32()));
            case "int64" -> plain(Long.toString(in.readInt64()));
            case "uint32" -> plain(Integer.toUnsignedString(in.readUInt32()));
            case "uint64" -> plain(Long.toUnsignedString(in.readUInt64()));
            case "sint32" -> plain(Integer.toString(in.readSInt32()));
            case "sint64" -> plain(Long.toString(in.readSInt64()));
            case "enum" -> plain(enumName(in.readEnum(), type));
            default -> throw new IOException("a field of the kind " + kind);
        };
    }

    private String enumName(int number, String type) {
        Map<String, Integer> values = schema.values(type);
        if (values != null) {
            for (Map.Entry<String, Integer> one : values.entrySet()) {
                if (one.getValue() == number) {
                    return one.getKey();
                }
            }
        }
        return Integer.toString(number);
    }

    /** What is inside of a type that is not known is left out: whoever looks at it says that the type is not known. */
    private Yaml any(CodedInputStream in) throws IOException {
        String url = "";
        ByteString value = ByteString.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> url = in.readStringRequireUtf8();
                case 2 -> value = in.readBytes();
                default -> in.skipField(tag);
            }
        }
        Yaml.Mapping tree = new Yaml.Mapping(NOWHERE);
        if (url.isEmpty() && value.isEmpty()) {
            return tree;
        }
        tree.put("@type", NOWHERE, text(url));
        Schema.Type type = schema.type(url.substring(url.lastIndexOf('/') + 1));
        if (type != null) {
            tree.entries().putAll(message(value.newCodedInput(), type).entries());
        }
        return tree;
    }

    private Yaml.Mapping struct(CodedInputStream in) throws IOException {
        Yaml.Mapping tree = new Yaml.Mapping(NOWHERE);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) != 1) {
                in.skipField(tag);
                continue;
            }
            CodedInputStream entry = inner(in);
            String key = "";
            Yaml value = plain("null");
            for (int part = entry.readTag(); part != 0; part = entry.readTag()) {
                switch (WireFormat.getTagFieldNumber(part)) {
                    case 1 -> key = entry.readStringRequireUtf8();
                    case 2 -> value = structValue(inner(entry));
                    default -> entry.skipField(part);
                }
            }
            tree.put(key, NOWHERE, value);
        }
        return tree;
    }

    private Yaml structValue(CodedInputStream in) throws IOException {
        if (++depth > MAX_DEPTH) {
            throw new IOException("a struct is nested deeper than " + MAX_DEPTH + " levels");
        }
        Yaml value = plain("null");
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 2 -> value = plain(number(in.readDouble()));
                case 3 -> value = text(in.readStringRequireUtf8());
                case 4 -> value = plain(Boolean.toString(in.readBool()));
                case 5 -> value = struct(inner(in));
                case 6 -> value = listValue(inner(in));
                default -> in.skipField(tag);
            }
        }
        depth--;
        return value;
    }

    private Yaml listValue(CodedInputStream in) throws IOException {
        Yaml.Sequence list = new Yaml.Sequence(new ArrayList<>(), NOWHERE);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                list.items().add(structValue(inner(in)));
            } else {
                in.skipField(tag);
            }
        }
        return list;
    }

    /** {@code seconds} and {@code nanos} as a decimal. */
    private static String seconds(CodedInputStream in) throws IOException {
        long seconds = 0;
        int nanos = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> seconds = in.readInt64();
                case 2 -> nanos = in.readInt32();
                default -> in.skipField(tag);
            }
        }
        return nanos == 0
                ? Long.toString(seconds)
                : BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9)).toPlainString();
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static Yaml.Scalar text(String text) {
        return new Yaml.Scalar(text, true, NOWHERE);
    }

    private static Yaml.Scalar plain(String text) {
        return new Yaml.Scalar(text, false, NOWHERE);
    }
}
