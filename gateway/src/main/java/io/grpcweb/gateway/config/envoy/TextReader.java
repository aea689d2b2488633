package io.grpcweb.gateway.config.envoy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormatParseInfoTree;
import com.google.protobuf.TypeRegistry;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Protobuf text ({@code listeners { name: "web" }}) to the same tree that YAML is read to, with the lines of the text. Loaded
 * when a file of this kind is given.
 */
final class TextReader {
    /** The name of a message in {@code [type.googleapis.com/some.Type] { ... }}. */
    private static final Pattern TYPE = Pattern.compile("/\\s*([A-Za-z][\\w.]*)\\s*]");

    private final String file;
    private final TypeRegistry types;

    private TextReader(String file, TypeRegistry types) {
        this.file = file;
        this.types = types;
    }

    static Yaml.Mapping read(String file, byte[] bytes, String typeName, Schema schema) throws ConfigException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Set<String> names = new LinkedHashSet<>(Set.of(typeName));
        for (Matcher type = TYPE.matcher(text); type.find(); ) {
            if (schema.type(type.group(1)) != null) {
                names.add(type.group(1));
            }
        }
        TypeRegistry types = TypeRegistry.newBuilder()
                .add(new TableDescriptors(schema).of(names))
                .build();
        TextFormatParseInfoTree.Builder places = TextFormatParseInfoTree.builder();
        Descriptor type = types.find(typeName);
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        try {
            TextFormat.Parser.newBuilder()
                    .setTypeRegistry(types)
                    .setParseInfoTreeBuilder(places)
                    .build()
                    .merge(text, message);
        } catch (TextFormat.ParseException e) {
            throw new ConfigException(List.of(new ConfigProblem(
                    file, Math.max(0, e.getLine()), "", "not valid protobuf text: " + e.getMessage())));
        }
        Yaml.Mapping tree = BinaryReader.read(file, message.build().toByteArray(), typeName, schema);
        return new TextReader(file, types).placed(tree, type, places.build(), new Mark(file, 1));
    }

    /** The same with the lines where its fields stand. */
    private Yaml.Mapping placed(Yaml.Mapping tree, Descriptor declared, TextFormatParseInfoTree places, Mark mark) {
        String any = tree.text("@type");
        Descriptor type = any.isEmpty() ? declared : types.find(any.substring(any.lastIndexOf('/') + 1));
        Yaml.Mapping out = new Yaml.Mapping(mark);
        tree.entries().forEach((key, entry) -> {
            FieldDescriptor field = type == null ? null : type.findFieldByName(key);
            Mark here = field == null ? mark : mark(field, 0, places, mark);
            out.put(key, here, field == null ? at(entry.value(), mark) : value(entry.value(), field, places, here));
        });
        return out;
    }

    private Yaml value(Yaml value, FieldDescriptor field, TextFormatParseInfoTree places, Mark mark) {
        List<TextFormatParseInfoTree> inner = places.getNestedTrees(field);
        if (field.isMapField() && value instanceof Yaml.Mapping entries) {
            FieldDescriptor content = field.getMessageType().findFieldByName("value");
            Yaml.Mapping out = new Yaml.Mapping(mark);
            entries.entries().forEach((key, entry) -> {
                int index = out.entries().size();
                Mark here = mark(field, index, places, mark);
                Yaml placed = index < inner.size()
                        ? value(entry.value(), content, inner.get(index), here)
                        : at(entry.value(), here);
                out.put(key, here, placed);
            });
            return out;
        }
        if (field.isRepeated() && value instanceof Yaml.Sequence sequence) {
            List<Yaml> items = new ArrayList<>();
            for (Yaml item : sequence.items()) {
                int index = items.size();
                Mark here = mark(field, index, places, mark);
                items.add(index < inner.size() ? message(item, field, inner.get(index), here) : at(item, here));
            }
            return new Yaml.Sequence(items, mark);
        }
        return inner.isEmpty() ? at(value, mark) : message(value, field, inner.get(0), mark);
    }

    private Yaml message(Yaml value, FieldDescriptor field, TextFormatParseInfoTree places, Mark mark) {
        return value instanceof Yaml.Mapping mapping && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? placed(mapping, field.getMessageType(), places, mark)
                : at(value, mark);
    }

    /** All of it at one place. */
    private static Yaml at(Yaml value, Mark mark) {
        if (value instanceof Yaml.Scalar scalar) {
            return new Yaml.Scalar(scalar.text(), scalar.quoted(), mark);
        }
        if (value instanceof Yaml.Sequence sequence) {
            return new Yaml.Sequence(
                    new ArrayList<>(sequence.items().stream()
                            .map(item -> at(item, mark))
                            .toList()),
                    mark);
        }
        Yaml.Mapping out = new Yaml.Mapping(mark);
        ((Yaml.Mapping) value).entries().forEach((key, entry) -> out.put(key, mark, at(entry.value(), mark)));
        return out;
    }

    private Mark mark(FieldDescriptor field, int index, TextFormatParseInfoTree places, Mark otherwise) {
        var found = places.getLocations(field);
        return index < found.size() ? new Mark(file, found.get(index).getLine() + 1) : otherwise;
    }
}
