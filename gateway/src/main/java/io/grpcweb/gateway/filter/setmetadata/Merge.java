package io.grpcweb.gateway.filter.setmetadata;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts structures together as Envoy does: structures field by field, lists one behind the other, the rest is replaced. */
final class Merge {
    private Merge() {}

    static Map<String, Object> of(Map<?, ?> before, Map<?, ?> more) {
        Map<String, Object> merged = new LinkedHashMap<>();
        before.forEach((name, value) -> merged.put((String) name, value));
        more.forEach((name, value) -> merged.put((String) name, value(merged.get(name), value)));
        return merged;
    }

    private static Object value(Object before, Object more) {
        if (before instanceof Map<?, ?> one && more instanceof Map<?, ?> other) {
            return of(one, other);
        }
        if (before instanceof List<?> one && more instanceof List<?> other) {
            List<Object> all = new ArrayList<>(one);
            all.addAll(other);
            return all;
        }
        return more;
    }
}
