package io.grpcweb.gateway.config.envoy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Protobuf's binary form to the same tree that YAML is read to, by the numbers of the fields. The content of a
 * {@code google.protobuf.Any} is taken apart where Envoy has its type. A field that Envoy does not have stands in the tree
 * under its number, so that the {@link Checker} says the same about it as about an unknown name. Loaded when the first
 * resource comes.
 */
final class BinaryReader {
    private static final int MAX_DEPTH = 100;

    private final Schema schema;
    private final Mark mark;
    private final BinaryScalars scalars;

    private BinaryReader(Schema schema, Mark mark) {
        this.schema = schema;
        this.mark = mark;
        this.scalars = new BinaryScalars(schema, mark);
    }

    /**
     * Reads a message.
     *
     * @param place what problems name in place of a file, such as {@code cds echo @ 7}
     * @param type the full name of the message
     */
    static Yaml.Mapping read(String place, byte[] message, String type, Schema schema) throws ConfigException {
        Mark mark = new Mark(place, 0);
        try {
            Yaml.Mapping tree = new Yaml.Mapping(mark);
            new BinaryReader(schema, mark).message(message, schema.type(type), tree, 0);
            return tree;
        } catch (IOException e) {
            throw new ConfigException(
                    List.of(new ConfigProblem(place, 0, "", "Unable to unpack as " + type + ": " + e.getMessage())));
        }
    }

    private void message(byte[] bytes, Schema.Type type, Yaml.Mapping tree, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new InvalidProtocolBufferException("messages are nested deeper than " + MAX_DEPTH);
        }
        Map<Integer, Schema.Field> fields = type.numbered();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Schema.Field field = fields.get(WireFormat.getTagFieldNumber(tag));
            if (field == null || !field(in, tag, field, type, tree, depth)) {
                in.skipField(tag);
                String number = String.valueOf(WireFormat.getTagFieldNumber(tag));
                tree.put(number, mark, scalars.counted(new Yaml.Scalar(number, false, mark)));
            }
        }
    }

    /** False where the field is not of this form on the wire, in which case nothing was read. */
    private boolean field(
            CodedInputStream in, int tag, Schema.Field field, Schema.Type type, Yaml.Mapping tree, int depth)
            throws IOException {
        int wire = WireFormat.getTagWireType(tag);
        boolean number = BinaryScalars.isNumber(field.kind());
        if (number && field.count() == Schema.Count.LIST && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            int limit = in.pushLimit(in.readRawVarint32());
            while (!in.isAtEnd()) {
                append(tree, field.name(), scalars.number(in, field.kind(), field.type()));
            }
            in.popLimit(limit);
            return true;
        }
        if (wire
                != (field.count() == Schema.Count.MAP
                        ? WireFormat.WIRETYPE_LENGTH_DELIMITED
                        : BinaryScalars.wireType(field.kind()))) {
            return false;
        }
        switch (field.count()) {
            case LIST -> append(tree, field.name(), value(in, field.kind(), field.type(), null, depth));
            case MAP -> entry(in.readByteArray(), field, tree, depth);
            case ONE -> {
                Yaml.Mapping before = tree.mapping(field.name());
                clearGroup(field, type, tree);
                tree.put(field.name(), mark, value(in, field.kind(), field.type(), before, depth));
            }
        }
        return true;
    }

    /** Of a group the field that comes last counts. */
    private static void clearGroup(Schema.Field field, Schema.Type type, Yaml.Mapping tree) {
        if (!field.oneof().isEmpty()) {
            tree.entries().keySet().removeIf(name -> {
                Schema.Field other = type.fields().get(name);
                return other != null
                        && other.number() != field.number()
                        && other.oneof().equals(field.oneof());
            });
        }
    }

    private void append(Yaml.Mapping tree, String name, Yaml value) {
        if (tree.entries().get(name) == null) {
            tree.put(name, mark, new Yaml.Sequence(new ArrayList<>(), mark));
        }
        ((Yaml.Sequence) tree.entries().get(name).value()).items().add(value);
    }

    /** @param before the message that stands there already, which is added to; null where there is none */
    private Yaml value(CodedInputStream in, String kind, String type, Yaml.Mapping before, int depth)
            throws IOException {
        switch (kind) {
            case "message" -> {
                Yaml.Mapping mapping = before == null ? new Yaml.Mapping(mark) : before;
                message(in.readByteArray(), schema.type(type), scalars.counted(mapping), depth + 1);
                return mapping;
            }
            case "any" -> {
                return any(in.readByteArray(), depth + 1);
            }
            default -> {
                return scalars.value(in, kind, type, MAX_DEPTH - depth);
            }
        }
    }

    private Yaml any(byte[] bytes, int depth) throws IOException {
        String url = "";
        byte[] content = {};
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> url = in.readStringRequireUtf8();
                case 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> content = in.readByteArray();
                default -> in.skipField(tag);
            }
        }
        Yaml.Mapping tree = new Yaml.Mapping(mark);
        if (!url.isEmpty() || content.length > 0) {
            tree.put("@type", mark, scalars.counted(new Yaml.Scalar(url, true, mark)));
            String name = url.substring(url.lastIndexOf('/') + 1);
            Schema.Type type = schema.type(name);
            if (type != null) {
                unpack(content, type, tree, depth);
            }
        }
        return tree;
    }

    private void unpack(byte[] content, Schema.Type type, Yaml.Mapping tree, int depth) throws IOException {
        try {
            message(content, type, tree, depth);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidProtocolBufferException(type.name() + ": " + e.getMessage());
        }
    }

    private void entry(byte[] bytes, Schema.Field field, Yaml.Mapping tree, int depth) throws IOException {
        String key = BinaryScalars.unset(field.key());
        Yaml value = field.kind().equals("message") || field.kind().equals("any")
                ? new Yaml.Mapping(mark)
                : new Yaml.Scalar(BinaryScalars.unset(field.kind()), false, mark);
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == (1 << 3 | BinaryScalars.wireType(field.key()))) {
                key = ((Yaml.Scalar) scalars.value(in, field.key(), "", 0)).text();
            } else if (tag == (2 << 3 | BinaryScalars.wireType(field.kind()))) {
                value = value(in, field.kind(), field.type(), null, depth);
            } else {
                in.skipField(tag);
            }
        }
        if (tree.mapping(field.name()) == null) {
            tree.put(field.name(), mark, new Yaml.Mapping(mark));
        }
        tree.mapping(field.name()).put(key, mark, value);
    }
}
