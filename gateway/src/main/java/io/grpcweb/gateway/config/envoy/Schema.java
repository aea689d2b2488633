package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What Envoy knows: its messages, their fields and its enums, from the resources {@code envoy-fields.txt}. */
final class Schema {
    private final Sections sections;
    private final Map<String, Type> types = new HashMap<>();
    private final Map<String, Map<String, Integer>> enums = new HashMap<>();

    /** A message. */
    record Type(String name, Map<String, Field> fields, Map<String, Boolean> oneofs) {
        /** Without its package: {@code Cluster} for {@code envoy.config.cluster.v3.Cluster}. */
        String shortName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }

    /** How often a field may stand. */
    enum Count {
        ONE,
        LIST,
        MAP
    }

    /**
     * A field of a message.
     *
     * @param kind {@code string}, {@code uint32}, {@code UInt32} (may be unset), {@code duration}, {@code enum},
     *     {@code any}, {@code struct}, {@code message} and so on
     * @param type the name of the message or enum
     * @param bounds such as {@code >=1} or {@code >0s}
     * @param oneof the group of which only one may be set; empty if it is in none
     */
    record Field(
            String name,
            Count count,
            String kind,
            String type,
            boolean required,
            List<String> bounds,
            String oneof,
            boolean deprecated) {}

    private Schema(Sections sections) {
        this.sections = sections;
    }

    static Schema load(List<? extends EnvoyFormat<?>> filters) {
        return new Schema(new Sections("envoy-fields.txt", 2, filters));
    }

    /** The message of this name; null where Envoy has none. */
    Type type(String name) {
        return sections.has("message " + name) ? types.computeIfAbsent(name, this::read) : null;
    }

    /** The values of an enum by name, in their order; null where Envoy has no such enum. */
    Map<String, Integer> values(String enumName) {
        String key = "enum " + enumName;
        return sections.has(key)
                ? enums.computeIfAbsent(
                        enumName, name -> enumValues(sections.rest(key).split(" ")))
                : null;
    }

    /** Whether Envoy has an extension of this type that is not looked into here. */
    boolean isOther(String name) {
        return sections.has("other " + name);
    }

    private Type read(String name) {
        Type type = new Type(name, new LinkedHashMap<>(), new LinkedHashMap<>());
        for (String line : sections.lines("message " + name)) {
            String[] words = line.split(" ");
            if (words[0].equals("oneof") && words.length <= 3 && !line.contains(" in:")) {
                type.oneofs().put(words[1], words.length == 3);
            } else {
                Field field = field(words);
                type.fields().put(field.name(), field);
            }
        }
        return type;
    }

    private static Map<String, Integer> enumValues(String[] words) {
        Map<String, Integer> values = new LinkedHashMap<>();
        for (int i = 0; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String name = equals < 0 ? words[i] : words[i].substring(0, equals);
            values.put(name, equals < 0 ? i : Integer.parseInt(words[i].substring(equals + 1)));
        }
        return values;
    }

    private static Field field(String[] words) {
        int at = 1;
        Count count = Count.ONE;
        if (words[at].equals("list") || words[at].equals("map")) {
            count = Count.valueOf(words[at++].toUpperCase(Locale.ROOT));
        }
        String kind = words[at++];
        String type = "";
        if (kind.equals("enum")) {
            type = words[at++];
        } else if (kind.indexOf('.') >= 0) {
            type = kind;
            kind = "message";
        }
        boolean required = false;
        boolean deprecated = false;
        String oneof = "";
        List<String> bounds = new ArrayList<>();
        for (; at < words.length; at++) {
            switch (words[at]) {
                case "required" -> required = true;
                case "deprecated" -> deprecated = true;
                default -> {
                    if (words[at].startsWith("in:")) {
                        oneof = words[at].substring(3);
                    } else {
                        bounds.add(words[at]);
                    }
                }
            }
        }
        return new Field(words[0], count, kind, type, required, List.copyOf(bounds), oneof, deprecated);
    }
}
