package io.grpcweb.gateway.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the filters of an exchange have found out, as Envoy's dynamic metadata: for each namespace a structure of names and
 * values. Values are what JSON can say: {@link String}, {@link Number}, {@link Boolean}, {@link List}, {@link Map}, null.
 */
public final class DynamicMetadata {
    private final Map<String, Map<String, Object>> namespaces = new LinkedHashMap<>();

    DynamicMetadata() {}

    /** The value of a key; null where there is none, or one of another type. */
    public <T> T get(MetadataKey<T> key) {
        Map<String, Object> fields = namespaces.get(key.filter());
        Object value = fields == null ? null : fields.get(key.key());
        return key.type().isInstance(value) ? key.type().cast(value) : null;
    }

    public <T> void put(MetadataKey<T> key, T value) {
        namespaces
                .computeIfAbsent(key.filter(), filter -> new LinkedHashMap<>())
                .put(key.key(), value);
    }

    /** Adds all fields of a structure; those that are there already are replaced. */
    public void putAll(String filter, Map<String, ?> fields) {
        namespaces.computeIfAbsent(filter, name -> new LinkedHashMap<>()).putAll(fields);
    }

    /**
     * What stands at the end of a path.
     *
     * @param path a namespace, and names in the structures below it
     * @return null where nothing does
     */
    public Object at(List<String> path) {
        Object value = namespaces;
        for (String name : path) {
            value = value instanceof Map<?, ?> structure ? structure.get(name) : null;
        }
        return value;
    }
}
