package io.grpcweb.gateway.config.envoy;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The {@link Schema} as descriptors of protobuf, for its own reader of text. Messages that lead to each other make a file
 * together, since files of protobuf may not; those inside of others go with the outermost one.
 */
final class TableDescriptors {
    private static final FileDescriptor[] WELL_KNOWN = {
        AnyProto.getDescriptor(),
        DurationProto.getDescriptor(),
        EmptyProto.getDescriptor(),
        FieldMaskProto.getDescriptor(),
        StructProto.getDescriptor(),
        TimestampProto.getDescriptor(),
        WrappersProto.getDescriptor()
    };

    private final Schema schema;

    /** By outermost message or enum: the messages and enums in it, and the outermost ones that they lead to. */
    private final Map<String, Unit> units = new LinkedHashMap<>();

    private final Map<String, Integer> depths = new HashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final Map<String, FileDescriptor> files = new HashMap<>();

    private record Unit(Set<String> messages, Set<String> enums, Set<String> uses) {}

    TableDescriptors(Schema schema) {
        this.schema = schema;
    }

    /** Those of messages that Envoy has, and of all that they lead to. */
    List<Descriptor> of(Collection<String> messages) {
        Set<String> all = closure(messages);
        new ArrayList<>(units.keySet()).forEach(this::file);
        List<Descriptor> found = new ArrayList<>();
        for (String message : all) {
            String outermost = outermost(message);
            Descriptor descriptor = files.get(outermost).findMessageTypeByName(inside(outermost));
            for (String part : parts(message).subList(1, parts(message).size())) {
                descriptor = descriptor.findNestedTypeByName(part);
            }
            found.add(descriptor);
        }
        return found;
    }

    private Set<String> closure(Collection<String> messages) {
        Set<String> all = new LinkedHashSet<>(messages);
        Deque<String> open = new ArrayDeque<>(messages);
        while (!open.isEmpty()) {
            String message = open.pop();
            Unit unit = unit(message);
            unit.messages().add(message);
            for (Schema.Field field : schema.type(message).fields().values()) {
                if (field.kind().equals("message") && all.add(field.type())) {
                    open.push(field.type());
                } else if (field.kind().equals("enum") && !field.type().startsWith("google.protobuf.")) {
                    unit(field.type()).enums().add(field.type());
                }
                if (!field.type().isEmpty() && !field.type().startsWith("google.protobuf.")) {
                    unit.uses().add(outermost(field.type()));
                }
            }
        }
        return all;
    }

    private Unit unit(String name) {
        return units.computeIfAbsent(
                outermost(name), one -> new Unit(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>()));
    }

    /**
     * Tarjan's algorithm: a unit whose uses lead to none that is still on the path closes all behind it into one file.
     *
     * @return how near to the begin of the path its uses lead
     */
    private int file(String unit) {
        Integer known = depths.get(unit);
        if (known != null) {
            return files.containsKey(unit) ? Integer.MAX_VALUE : known;
        }
        int depth = depths.size();
        int lowest = depth;
        depths.put(unit, depth);
        path.push(unit);
        for (String use : units.get(unit).uses()) {
            lowest = Math.min(lowest, file(use));
        }
        if (lowest == depth) {
            List<String> together = new ArrayList<>();
            while (!together.contains(unit)) {
                together.add(path.pop());
            }
            build(together);
        }
        return files.containsKey(unit) ? Integer.MAX_VALUE : lowest;
    }

    private void build(List<String> together) {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName(together.get(0))
                .setSyntax("proto3")
                .setPackage(Schema.packageOf(together.get(0)));
        Set<FileDescriptor> needed = new LinkedHashSet<>(List.of(WELL_KNOWN));
        for (String unit : together) {
            units.get(unit).uses().stream()
                    .filter(files::containsKey)
                    .map(files::get)
                    .forEach(needed::add);
            Set<String> names = new HashSet<>(units.get(unit).messages());
            names.addAll(units.get(unit).enums());
            if (schema.type(unit) == null) {
                file.addEnumType(enumType(unit));
            } else {
                file.addMessageType(message(unit, names));
            }
        }
        needed.forEach(one -> file.addDependency(one.getName()));
        try {
            FileDescriptor built = FileDescriptor.buildFrom(file.build(), needed.toArray(FileDescriptor[]::new));
            together.forEach(unit -> files.put(unit, built));
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param names of all messages and enums of the unit; one that only holds others has no fields here */
    private DescriptorProto message(String name, Set<String> names) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(inside(name));
        if (names.contains(name)) {
            fields(schema.type(name), message);
        }
        names.stream()
                .filter(other -> other.startsWith(name + "."))
                .map(other -> name + "." + parts(other).get(parts(name).size()))
                .distinct()
                .forEach(inner -> {
                    if (schema.type(inner) == null) {
                        message.addEnumType(enumType(inner));
                    } else {
                        message.addNestedType(message(inner, names));
                    }
                });
        return message.build();
    }

    private static void fields(Schema.Type type, DescriptorProto.Builder message) {
        List<String> groups = List.copyOf(type.oneofs().keySet());
        groups.forEach(group -> message.addOneofDeclBuilder().setName(group));
        for (Schema.Field field : type.fields().values()) {
            FieldDescriptorProto.Builder one = field(field.name(), field.number(), field.kind(), field.type());
            if (field.count() == Schema.Count.MAP) {
                String entry = entryName(field.name());
                message.addNestedTypeBuilder()
                        .setName(entry)
                        .addField(field("key", 1, field.key(), ""))
                        .addField(field("value", 2, field.kind(), field.type()))
                        .getOptionsBuilder()
                        .setMapEntry(true);
                one.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName("." + type.name() + "." + entry);
            }
            if (field.count() != Schema.Count.ONE) {
                one.setLabel(FieldDescriptorProto.Label.LABEL_REPEATED);
            }
            if (!field.oneof().isEmpty()) {
                one.setOneofIndex(groups.indexOf(field.oneof()));
            }
            message.addField(one);
        }
    }

    private static FieldDescriptorProto.Builder field(String name, int number, String kind, String type) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
        switch (kind) {
            case "message" ->
                field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName("." + type);
            case "enum" -> field.setType(FieldDescriptorProto.Type.TYPE_ENUM).setTypeName("." + type);
            default -> {
                String wellKnown = wellKnown(kind);
                if (wellKnown.isEmpty()) {
                    field.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + kind.toUpperCase(Locale.ROOT)));
                } else {
                    field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(".google.protobuf." + wellKnown);
                }
            }
        }
        return field;
    }

    private static String wellKnown(String kind) {
        return switch (kind) {
            case "any" -> "Any";
            case "duration" -> "Duration";
            case "timestamp" -> "Timestamp";
            case "struct" -> "Struct";
            case "value" -> "Value";
            case "listvalue" -> "ListValue";
            case "empty" -> "Empty";
            case "fieldmask" -> "FieldMask";
            default -> Character.isUpperCase(kind.charAt(0)) ? kind + "Value" : "";
        };
    }

    /** As protoc calls the message of a map's entry. */
    private static String entryName(String field) {
        String camel = Checker.camel("_" + field);
        return camel.substring(0, 1).toUpperCase(Locale.ROOT) + camel.substring(1) + "Entry";
    }

    private EnumDescriptorProto enumType(String name) {
        EnumDescriptorProto.Builder type = EnumDescriptorProto.newBuilder().setName(inside(name));
        Map<String, Integer> values = schema.values(name);
        values.forEach((value, number) -> type.addValueBuilder().setName(value).setNumber(number));
        if (new HashSet<>(values.values()).size() < values.size()) {
            type.getOptionsBuilder().setAllowAlias(true);
        }
        return type.build();
    }

    private static String outermost(String name) {
        String prefix = Schema.packageOf(name);
        return prefix.isEmpty()
                ? parts(name).get(0)
                : prefix + "." + parts(name).get(0);
    }

    private static String inside(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** What stands behind the package. */
    private static List<String> parts(String name) {
        String prefix = Schema.packageOf(name);
        return List.of((prefix.isEmpty() ? name : name.substring(prefix.length() + 1)).split("\\.", -1));
    }
}
