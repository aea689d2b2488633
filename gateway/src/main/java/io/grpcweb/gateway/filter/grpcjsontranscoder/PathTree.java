package io.grpcweb.gateway.filter.grpcjsontranscoder;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the rule of a path. At each part a literal goes before a variable, that before {@code *}, and that before {@code **}; where one leads
 * to nothing, the next is tried.
 *
 * @param <T> what is found
 */
final class PathTree<T> {
    /** A rule for every method of HTTP. */
    static final String EVERY_METHOD = "*";

    private final Node<T> root = new Node<>(false);
    private final Set<String> verbs = new HashSet<>();
    private final boolean anyVerb;

    private static final class Node<T> {
        private final boolean any;
        private final Map<String, Node<T>> literals = new HashMap<>();
        private Node<T> one;
        private Node<T> star;
        private Node<T> rest;

        /** By verb and method. */
        private final Map<String, Map<String, T>> found = new HashMap<>();

        Node(boolean any) {
            this.any = any;
        }

        private Node<T> child(String part) {
            switch (part) {
                case PathTemplate.ONE -> {
                    one = one == null ? new Node<>(false) : one;
                    return one;
                }
                case PathTemplate.STAR -> {
                    star = star == null ? new Node<>(false) : star;
                    return star;
                }
                case PathTemplate.ANY -> {
                    rest = rest == null ? new Node<>(true) : rest;
                    return rest;
                }
                default -> {
                    return literals.computeIfAbsent(part, key -> new Node<>(false));
                }
            }
        }

        private T here(Request request) {
            Map<String, T> methods = found.get(request.verb());
            if (methods == null) {
                return null;
            }
            T rule = methods.get(request.method());
            return rule != null ? rule : methods.get(EVERY_METHOD);
        }

        /** As deep as a template is long, however long a path is. */
        private T find(Request request, int from) {
            for (int at = from; at < request.parts().size(); at++) {
                T rule = through(literals.get(request.parts().get(at)), request, at);
                if (!any) {
                    rule = rule == null ? through(one, request, at) : rule;
                    rule = rule == null ? through(star, request, at) : rule;
                    return rule == null ? through(rest, request, at) : rule;
                }
                if (rule != null) {
                    return rule;
                }
            }
            T rule = here(request);
            return rule == null && rest != null ? rest.here(request) : rule;
        }

        private static <T> T through(Node<T> child, Request request, int at) {
            return child == null ? null : child.find(request, at + 1);
        }
    }

    private record Request(String method, List<String> parts, String verb) {}

    /**
     * No rules.
     *
     * @param anyVerb whether what stands behind the last colon is a verb also where no rule has it
     */
    PathTree(boolean anyVerb) {
        this.anyVerb = anyVerb;
    }

    /**
     * Adds a rule.
     *
     * @return the rule that was there already, which stays; null for none
     */
    T add(String method, PathTemplate template, T rule) {
        Node<T> node = root;
        for (String part : template.parts()) {
            node = node.child(part);
        }
        if (!template.verb().isEmpty()) {
            verbs.add(template.verb());
        }
        return node.found
                .computeIfAbsent(template.verb(), key -> new HashMap<>())
                .putIfAbsent(method, rule);
    }

    /** The rule of a request; null for none. */
    T find(String method, PathParts path) {
        return root.find(new Request(method, path.parts(), path.verb()), 0);
    }

    /** Takes a path apart. */
    PathParts parts(String path) {
        return PathParts.of(path, verb -> anyVerb || verbs.contains(verb));
    }
}
