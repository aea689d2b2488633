package io.grpcweb.gateway.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which fields of a dump are shown: dotted paths ({@code bootstrap.node,static_clusters}), as {@code ?mask=} names them. */
final class FieldMask {
    private static final String TYPE = "@type";

    private final Map<String, Object> wanted = new LinkedHashMap<>();

    FieldMask(String paths) {
        for (String path : paths.split(",", -1)) {
            add(wanted, path.split("\\.", -1), 0);
        }
    }

    @SuppressWarnings("unchecked")
    private static void add(Map<String, Object> tree, String[] path, int at) {
        Object below = tree.computeIfAbsent(path[at], name -> new LinkedHashMap<String, Object>());
        if (at + 1 < path.length) {
            add((Map<String, Object>) below, path, at + 1);
        }
    }

    /** What is left of a message: types, and what is named. Lists are only shown whole, as in Envoy. */
    Map<String, Object> apply(Map<String, Object> message) {
        return apply(message, wanted);
    }

    private static Map<String, Object> apply(Map<?, ?> message, Map<?, ?> wanted) {
        Map<String, Object> out = new LinkedHashMap<>();
        message.forEach((name, value) -> {
            Object below = wanted.get(name);
            if (name.equals(TYPE) || (below instanceof Map<?, ?> all && all.isEmpty())) {
                out.put(name.toString(), value);
            } else if (below instanceof Map<?, ?> some && value instanceof Map<?, ?> inner) {
                Map<String, Object> rest = apply(inner, some);
                if (!isBare(rest)) {
                    out.put(name.toString(), rest);
                }
            } else if (below != null && !(value instanceof List<?>)) {
                out.put(name.toString(), value);
            }
        });
        return out;
    }

    /** Whether nothing but the type is left. */
    static boolean isBare(Map<String, Object> message) {
        return message.isEmpty() || (message.size() == 1 && message.containsKey(TYPE));
    }
}
