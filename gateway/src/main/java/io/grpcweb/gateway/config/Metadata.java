package io.grpcweb.gateway.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a configuration says of a part for others to read, by the name of the reader: {@code filter_metadata} of Envoy. Values are
 * texts, {@link Double}s, {@link Boolean}s, lists and maps of them.
 */
public record Metadata(Map<String, Object> byReader) {
    public static final Metadata NONE = new Metadata(Map.of());

    /** Any numbers become {@link Double}s, so that 1 is 1.0. */
    public Metadata {
        byReader = fields(byReader);
    }

    /** From maps, lists, texts, numbers and flags as they were read. */
    public static Metadata of(Map<?, ?> raw) {
        return new Metadata(fields(raw));
    }

    /** What is said for one reader; empty where nothing is. */
    public Map<?, ?> of(String reader) {
        return byReader.get(reader) instanceof Map<?, ?> fields ? fields : Map.of();
    }

    /** What stands at the end of a path, the first part of which is a reader; null where nothing does. */
    public Object at(List<String> path) {
        Object value = byReader;
        for (String name : path) {
            value = value instanceof Map<?, ?> fields ? fields.get(name) : null;
        }
        return value;
    }

    public boolean isEmpty() {
        return byReader.isEmpty();
    }

    private static Map<String, Object> fields(Map<?, ?> raw) {
        Map<String, Object> fields = new LinkedHashMap<>();
        raw.forEach((key, value) -> fields.put((String) key, value(value)));
        return Collections.unmodifiableMap(fields);
    }

    private static Object value(Object raw) {
        if (raw instanceof Map<?, ?> map) {
            return fields(map);
        }
        if (raw instanceof List<?> list) {
            return list.stream().map(Metadata::value).toList();
        }
        return raw instanceof Number number ? (Object) number.doubleValue() : raw == null ? "" : raw;
    }
}
