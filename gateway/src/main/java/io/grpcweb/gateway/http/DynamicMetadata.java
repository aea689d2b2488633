package io.grpcweb.gateway.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

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
        own(key.filter()).put(key.key(), value);
    }

    /** Adds all fields of a structure; those that are there already are replaced. */
    public void putAll(String filter, Map<String, ?> fields) {
        own(filter).putAll(fields);
    }

    /**
     * What stands at the end of a path.
     *
     * @param path a namespace, and names in the structures below it
     * @return null where nothing does
     */
    public Object at(List<String> path) {
        return at(path, null);
    }

    /** The same, with what stands for a value that is not there: null may be one that is. */
    public Object at(List<String> path, Object absent) {
        Object value = namespaces;
        for (int i = 0; i < path.size(); i++) {
            if (!(value instanceof Map<?, ?> structure)) {
                return absent;
            }
            value = structure.get(path.get(i));
            if (value == null && !structure.containsKey(path.get(i))) {
                return absent;
            }
        }
        return value;
    }

    /**
     * Adds fields that are the same for many exchanges. Where the namespace is new, the structure itself is kept and copied
     * only if something is added to it.
     *
     * @param fields must not change any more
     */
    public void share(String filter, Map<String, Object> fields) {
        if (namespaces.putIfAbsent(filter, fields) != null) {
            putAll(filter, fields);
        }
    }

    /** Shows each namespace and its structure, in the order in which they came. */
    public void forEach(BiConsumer<String, Map<String, Object>> each) {
        namespaces.forEach(each);
    }

    /** The structure of a namespace, to be added to. */
    private Map<String, Object> own(String filter) {
        Map<String, Object> fields = namespaces.get(filter);
        if (fields instanceof LinkedHashMap) {
            return fields;
        }
        Map<String, Object> own = fields == null ? new LinkedHashMap<>() : new LinkedHashMap<>(fields);
        namespaces.put(filter, own);
        return own;
    }
}
