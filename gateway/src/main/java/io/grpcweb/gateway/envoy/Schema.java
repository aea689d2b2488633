package io.grpcweb.gateway.envoy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What Envoy knows: its messages, their fields and its enums, from the resource {@code envoy-fields.txt}. */
final class Schema {
    private final Map<String, Type> types = new HashMap<>();
    private final Map<String, Map<String, Integer>> enums = new HashMap<>();
    private final Set<String> others = new HashSet<>();

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

    private Schema() {}

    static Schema load() {
        Schema schema = new Schema();
        schema.read("envoy-fields.txt");
        return schema;
    }

    Type type(String name) {
        return types.get(name);
    }

    /** The values of an enum by name, in their order. */
    Map<String, Integer> values(String enumName) {
        return enums.get(enumName);
    }

    /** Whether Envoy has an extension of this type that is not looked into here. */
    boolean isOther(String name) {
        return others.contains(name);
    }

    private void read(String resource) {
        try (InputStream in = Schema.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Type current = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#") || line.isBlank()) {
                    continue;
                }
                String[] words = line.strip().split(" ");
                if (line.startsWith("message ")) {
                    current = new Type(words[1], new LinkedHashMap<>(), new LinkedHashMap<>());
                    types.put(current.name(), current);
                } else if (line.startsWith("enum ")) {
                    enums.put(words[1], enumValues(words));
                } else if (line.startsWith("other ")) {
                    others.add(words[1]);
                } else if (words[0].equals("oneof") && words.length <= 3 && !line.contains(" in:")) {
                    current.oneofs().put(words[1], words.length == 3);
                } else {
                    Field field = field(words);
                    current.fields().put(field.name(), field);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Integer> enumValues(String[] words) {
        Map<String, Integer> values = new LinkedHashMap<>();
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String name = equals < 0 ? words[i] : words[i].substring(0, equals);
            values.put(name, equals < 0 ? i - 2 : Integer.parseInt(words[i].substring(equals + 1)));
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
