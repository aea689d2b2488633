package io.grpcweb.gateway.testing;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A copy of a record with other values, so that a test names what it sets and knows nothing of the other components.
 *
 * @param <R> the record
 */
public final class Copy<R extends Record> {
    private final Class<?> type;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private Copy(R record) throws ReflectiveOperationException {
        type = record.getClass();
        for (RecordComponent component : type.getRecordComponents()) {
            values.put(component.getName(), component.getAccessor().invoke(record));
        }
    }

    public static <R extends Record> Copy<R> of(R record) {
        try {
            return new Copy<>(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public Copy<R> with(String component, Object value) {
        if (values.replace(component, value) == null) {
            throw new IllegalArgumentException(type + " has no " + component);
        }
        return this;
    }

    @SuppressWarnings("unchecked")
    public R get() {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return (R) type.getDeclaredConstructor(types)
                    .newInstance(values.values().toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
