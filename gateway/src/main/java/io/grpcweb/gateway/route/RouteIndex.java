package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.http.KnownServices;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The routes of a virtual host by what their paths begin with, so that a thousand of them cost a request as much as a few.
 * Of all texts that a path can begin with, the longest one knows every route that may fit, in the order of the
 * configuration: its own, those of its shorter beginnings, and those whose letters tell nothing, such as a regex.
 */
final class RouteIndex {
    private final String[] literals;
    private final RouteMatcher[][] candidates;

    /** For each literal the longest other one that it begins with; -1 for the empty one, which is always first. */
    private final int[] parents;

    RouteIndex(List<Route> routes, KnownServices services) {
        List<RouteMatcher> matchers =
                routes.stream().map(route -> new RouteMatcher(route, services)).toList();
        TreeMap<String, TreeSet<Integer>> own = new TreeMap<>();
        own.put("", new TreeSet<>());
        for (int i = 0; i < matchers.size(); i++) {
            own.computeIfAbsent(matchers.get(i).literal(), text -> new TreeSet<>())
                    .add(i);
        }
        literals = own.keySet().toArray(String[]::new);
        candidates = new RouteMatcher[literals.length][];
        parents = new int[literals.length];
        parents[0] = -1;
        for (int i = 0; i < literals.length; i++) {
            TreeSet<Integer> fitting = own.get(literals[i]);
            if (i > 0) {
                parents[i] = beginning(literals[i], i - 1);
                fitting.addAll(own.get(literals[parents[i]]));
            }
            candidates[i] = fitting.stream().map(matchers::get).toArray(RouteMatcher[]::new);
        }
    }

    /** The routes that may fit a path, in the order of the configuration; not to be changed. */
    RouteMatcher[] candidates(String path) {
        int at = Arrays.binarySearch(literals, path);
        return candidates[at >= 0 ? at : beginning(path, -at - 2)];
    }

    /** The longest literal that a text begins with, which sorts as the one at an index or before it. */
    private int beginning(String text, int index) {
        // What lies between a beginning of the text and the text itself begins with the same letters.
        int at = index;
        while (!text.startsWith(literals[at])) {
            at = parents[at];
        }
        return at;
    }
}
