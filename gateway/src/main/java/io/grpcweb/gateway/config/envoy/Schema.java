package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Envoy knows: its messages, their fields and its enums. The table is made at build time from the descriptors of
 * Envoy's API ({@code src/schema} says how); a start reads the packages of protobuf that its file speaks of. What a filter has beside Envoy's messages stands in the same form in the resource
 * {@code messages.txt} of its package.
 */
final class Schema {
    private final List<? extends EnvoyFormat<?>> filters;
    private final Map<String, Sections> packages = new HashMap<>();
    private final Map<String, Type> types = new HashMap<>();
    private final Map<String, Map<String, Integer>> enums = new HashMap<>();
    private SchemaFile table;
    private Sections own;

    /**
     * A message.
     *
     * @param oneofs the groups of fields of which only one may be set, and whether one must be
     * @param numbered the fields by number
     * @param required the fields without which a message is wrong
     */
    record Type(
            String name,
            Map<String, Field> fields,
            Map<String, Boolean> oneofs,
            Map<Integer, Field> numbered,
            List<Field> required) {
        Type(String name, Map<String, Field> fields, Map<String, Boolean> oneofs) {
            this(name, fields, oneofs, new HashMap<>(), new ArrayList<>());
            for (Field field : fields.values()) {
                numbered.put(field.number(), field);
                if (field.required()) {
                    required.add(field);
                }
            }
        }

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
     * @param number by which binary messages know it
     * @param key the kind of a map's keys; empty where it is no map
     * @param kind {@code string}, {@code uint32}, {@code UInt32} (may be unset), {@code duration}, {@code enum},
     *     {@code any}, {@code struct}, {@code message} and so on
     * @param type the name of the message or enum
     * @param required whether a message without it is wrong
     * @param rules what holds for its value, as {@link Rules} reads it
     * @param oneof the group of which only one may be set; empty if it is in none
     * @param sensitive whether its value must not be shown
     */
    record Field(
            String name,
            int number,
            Count count,
            String key,
            String kind,
            String type,
            boolean required,
            Rules rules,
            String oneof,
            boolean deprecated,
            boolean sensitive) {}

    private Schema(List<? extends EnvoyFormat<?>> filters) {
        this.filters = filters;
    }

    static Schema load(List<? extends EnvoyFormat<?>> filters) {
        return new Schema(filters);
    }

    /** The message of this name; null where Envoy has none. */
    Type type(String name) {
        Type known = types.get(name);
        if (known == null) {
            Sections sections = sections(name);
            if (!sections.has("message " + name)) {
                return null;
            }
            known = read(name, sections.lines("message " + name));
            types.put(name, known);
        }
        return known;
    }

    /** The values of an enum by name, in their order; null where Envoy has no such enum. */
    Map<String, Integer> values(String enumName) {
        Map<String, Integer> known = enums.get(enumName);
        if (known != null) {
            return known;
        }
        String key = "enum " + enumName;
        Sections sections = sections(enumName);
        return sections.has(key)
                ? enums.computeIfAbsent(
                        enumName, name -> enumValues(sections.rest(key).split(" ")))
                : null;
    }

    private Sections sections(String name) {
        if (table == null) {
            table = SchemaFile.load();
        }
        Sections sections = packages.computeIfAbsent(packageOf(name), one -> new Sections(table.text(one), 2));
        if (!sections.keys().isEmpty()) {
            return sections;
        }
        if (own == null) {
            own = new Sections(
                    "messages.txt",
                    2,
                    filters.stream().<Class<?>>map(Object::getClass).toList());
        }
        return own;
    }

    /** The parts of the name up to the first that begins with a capital; what is no such name has no package. */
    static String packageOf(String name) {
        for (int dot = name.indexOf('.'); dot > 0 && dot + 1 < name.length(); dot = name.indexOf('.', dot + 1)) {
            if (Character.isUpperCase(name.charAt(dot + 1))) {
                return name.substring(0, dot);
            }
        }
        return "";
    }

    private static Type read(String name, List<String> lines) {
        Map<String, Field> fields = new LinkedHashMap<>();
        Map<String, Boolean> oneofs = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            if (words[0].equals("oneof") && !Character.isDigit(words[1].charAt(0))) {
                oneofs.put(words[1], words.length == 3);
            } else {
                Field field = field(words);
                fields.put(field.name(), field);
            }
        }
        return new Type(name, fields, oneofs);
    }

    private static Map<String, Integer> enumValues(String[] words) {
        Map<String, Integer> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            values.put(word.substring(0, equals), Integer.valueOf(word.substring(equals + 1)));
        }
        return values;
    }

    private static Field field(String[] words) {
        int at = 2;
        Count count = Count.ONE;
        String key = "";
        if (words[at].equals("list") || words[at].equals("map")) {
            count = Count.valueOf(words[at++].toUpperCase(Locale.ROOT));
            key = count == Count.MAP ? words[at++] : "";
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
        boolean sensitive = false;
        String oneof = "";
        List<String> rules = new ArrayList<>();
        for (; at < words.length; at++) {
            switch (words[at]) {
                case "required" -> required = true;
                case "deprecated" -> deprecated = true;
                case "sensitive" -> sensitive = true;
                case "optional" -> {
                    // Whether it is set shows in a file anyway.
                }
                default -> {
                    if (words[at].startsWith("of:")) {
                        oneof = words[at].substring(3);
                    } else {
                        rules.add(words[at]);
                    }
                }
            }
        }
        return new Field(
                words[0],
                Integer.parseInt(words[1]),
                count,
                key,
                kind,
                type,
                required,
                Rules.of(rules),
                oneof,
                deprecated,
                sensitive);
    }
}
