package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON Schema (draft 2020-12) of the gateway's own format, for editors: made of what the readers ask for, so that it knows each key
 * that they know. It is about the keys and the kinds of values; the readers look at more.
 */
public final class EditorSchema {
    /** Longer ones that stand in several places are written once. */
    private static final int SHORT = 160;

    private EditorSchema() {}

    /** The schema, as maps, lists, texts and flags. */
    public static Map<String, Object> of(FilterFormats filters) {
        Map<Class<?>, Object> known = new HashMap<>();
        List<Object> sections = new ArrayList<>();
        List<String> types = new ArrayList<>();
        filters.all().forEach(format -> {
            types.add(format.type());
            sections.add(filter(format));
        });
        sections.add(Map.of(
                "type", "object", "properties", Map.of("type", Map.of("const", "envoy")), "required", List.of("type")));
        known.put(FilterFormats.Chain.class, Outline.filters(types, sections));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Configuration of the gRPC-Web gateway (gateway.conf)");
        Map<String, Object> whole = Outline.of(GatewayConf.USUAL, new GatewayConf(filters)::fields, known);
        root.putAll(new SharedParts().of(sorted(whole)));
        return root;
    }

    /** A filter that is written as a section. */
    private static Object filter(OwnFormat<?> format) {
        Map<String, Object> schema = format instanceof DescribedFormat<?> described
                ? described(described)
                : Outline.object(KeyProbe.keys(one -> format.read("name", one)));
        Map<String, Object> properties = new TreeMap<>();
        ((Map<?, ?>) schema.get("properties")).forEach((key, value) -> properties.put((String) key, value));
        properties.put("type", Map.of("const", format.type()));
        properties.put("name", Map.of("type", "string"));
        properties.put("disabled", Map.of("type", "boolean"));
        schema.put("properties", properties);
        schema.put("required", List.of("type"));
        return schema;
    }

    private static <C extends FilterConfig> Map<String, Object> described(DescribedFormat<C> format) {
        return Outline.of(format.usual("name"), format::fields, Map.of());
    }

    /** Keys in their order, so that each run writes the same text. */
    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> found = new TreeMap<>();
        map.forEach((key, value) -> found.put((String) key, sortedValue(value)));
        return found;
    }

    private static Object sortedValue(Object value) {
        if (value instanceof Map<?, ?> map) {
            return sorted(map);
        }
        return value instanceof List<?> list
                ? list.stream().map(EditorSchema::sortedValue).toList()
                : value;
    }

    /** Puts what stands in several places into {@code $defs}. */
    private static final class SharedParts {
        private final Map<String, Integer> counts = new HashMap<>();
        private final Map<String, String> names = new HashMap<>();
        private final Map<String, Object> definitions = new TreeMap<>();

        Map<String, Object> of(Map<String, Object> schema) {
            count(schema);
            Map<String, Object> whole = new TreeMap<>();
            schema.forEach((key, value) -> whole.put(key, shared(value, key)));
            whole.put("$defs", definitions);
            return whole;
        }

        private void count(Object part) {
            if (part instanceof Map<?, ?> map) {
                if (map.containsKey("type") && counts.merge(map.toString(), 1, Integer::sum) > 1) {
                    return;
                }
                map.values().forEach(this::count);
            } else if (part instanceof List<?> list) {
                list.forEach(this::count);
            }
        }

        private Object shared(Object part, String key) {
            if (part instanceof List<?> list) {
                return list.stream().map(one -> shared(one, key)).toList();
            }
            if (!(part instanceof Map<?, ?> map)) {
                return part;
            }
            String text = map.toString();
            if (text.length() <= SHORT || counts.getOrDefault(text, 0) < 2) {
                return inner(map, key);
            }
            if (!names.containsKey(text)) {
                String name = free(name(map, key));
                names.put(text, name);
                definitions.put(name, Map.of());
                definitions.put(name, inner(map, key));
            }
            return Map.of("$ref", "#/$defs/" + names.get(text));
        }

        /** A filter is called as its type, all others as the key that they stand behind. */
        private static String name(Map<?, ?> schema, String key) {
            return schema.get("properties") instanceof Map<?, ?> properties
                            && properties.get("type") instanceof Map<?, ?> type
                            && type.get("const") instanceof String text
                    ? "filter-" + text
                    : key;
        }

        private String free(String key) {
            String name = key;
            for (int i = 2; definitions.containsKey(name); i++) {
                name = key + "-" + i;
            }
            return name;
        }

        private Map<String, Object> inner(Map<?, ?> map, String key) {
            Map<String, Object> found = new TreeMap<>();
            map.forEach((name, value) -> {
                String text = (String) name;
                boolean word = List.of("properties", "additionalProperties", "items", "anyOf")
                        .contains(text);
                found.put(text, shared(value, word ? key : text));
            });
            return found;
        }
    }
}
