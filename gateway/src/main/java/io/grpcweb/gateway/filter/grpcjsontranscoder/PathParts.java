package io.grpcweb.gateway.filter.grpcjsontranscoder;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What stands between the slashes of a path, and behind its last colon.
 *
 * @param parts as they were sent, without empty ones at the end
 * @param verb empty for none
 */
record PathParts(List<String> parts, String verb) {

    /**
     * Takes a path apart.
     *
     * @param isVerb whether this is a verb behind a colon; else it belongs to the last part
     */
    static PathParts of(String path, Predicate<String> isVerb) {
        int end = path.length();
        String verb = "";
        int colon = path.lastIndexOf(':');
        if (colon > path.lastIndexOf('/') && isVerb.test(path.substring(colon + 1))) {
            verb = path.substring(colon + 1);
            end = colon;
        }
        List<String> parts = new ArrayList<>(8);
        int from = path.startsWith("/") ? 1 : 0;
        while (from <= end) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 || slash > end ? end : slash;
            parts.add(path.substring(from, to));
            from = to + 1;
        }
        while (!parts.isEmpty() && parts.get(parts.size() - 1).isEmpty()) {
            parts.remove(parts.size() - 1);
        }
        return new PathParts(parts, verb);
    }
}
