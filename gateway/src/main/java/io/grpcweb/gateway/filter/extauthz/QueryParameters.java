package io.grpcweb.gateway.filter.extauthz;

import java.util.ArrayList;
import java.util.List;

/** Changes the query of a path. Names and values are used as they stand, nothing is encoded or decoded, as in Envoy. */
final class QueryParameters {
    private QueryParameters() {}

    /**
     * The path with another query. A parameter that is set takes the place of the first one of its name, and the others go;
     * where there is none it comes last.
     */
    static String change(String path, List<Decision.Parameter> set, List<String> remove) {
        int mark = path.indexOf('?');
        List<String> parts = new ArrayList<>();
        if (mark >= 0 && mark + 1 < path.length()) {
            parts.addAll(List.of(path.substring(mark + 1).split("&", -1)));
        }
        for (Decision.Parameter parameter : set) {
            if (FieldSyntax.isParameter(parameter)) {
                put(parts, parameter);
            }
        }
        parts.removeIf(part -> remove.contains(name(part)));
        String bare = mark < 0 ? path : path.substring(0, mark);
        return parts.isEmpty() ? bare : bare + "?" + String.join("&", parts);
    }

    private static void put(List<String> parts, Decision.Parameter parameter) {
        String written = parameter.name() + "=" + parameter.value();
        boolean there = false;
        for (int i = 0; i < parts.size(); i++) {
            if (name(parts.get(i)).equals(parameter.name())) {
                if (there) {
                    parts.remove(i--);
                } else {
                    parts.set(i, written);
                    there = true;
                }
            }
        }
        if (!there) {
            parts.add(written);
        }
    }

    private static String name(String part) {
        int equals = part.indexOf('=');
        return equals < 0 ? part : part.substring(0, equals);
    }
}
