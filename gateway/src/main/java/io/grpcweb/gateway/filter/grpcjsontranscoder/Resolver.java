package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.Escapes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the method that a request is for, and what its path and its query say of fields. */
final class Resolver {
    private static final String ANY = "google.protobuf.Any";

    private final PathTree<Rule> rules;
    private final TranscoderConfig.Methods methods;
    private final TranscoderConfig.Query query;
    private final TranscoderConfig.Errors errors;
    private final Set<String> ignored;

    Resolver(PathTree<Rule> rules, TranscoderConfig config) {
        this.rules = rules;
        this.methods = config.methods();
        this.query = config.query();
        this.errors = config.errors();
        this.ignored = new HashSet<>(query.ignored());
    }

    /**
     * Resolves a request.
     *
     * @param target path and query
     * @return null for a request that passes as it is
     */
    Call resolve(String method, String target) throws Refusal {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        PathParts parts = rules.parts(path);
        Rule rule = rules.find(method, parts);
        if (rule == null) {
            if (errors.unknownMethod()) {
                throw new Refusal(Failure.noMethod(path));
            }
            return null;
        }
        List<Call.Binding> bindings = new ArrayList<>(4);
        for (Rule.BoundVariable variable : rule.variables()) {
            bindings.add(new Call.Binding(variable.field(), value(variable.variable(), parts.parts())));
        }
        Map<String, List<String>> unknown = new LinkedHashMap<>(0);
        if (mark >= 0 && !parameters(target, mark + 1, rule, bindings, unknown)) {
            return null;
        }
        return new Call(rule, bindings, unknown);
    }

    private String value(PathTemplate.Variable variable, List<String> parts) throws Refusal {
        int end = variable.end(parts.size());
        Escapes which = variable.isLong() ? methods.unescaped() : Escapes.ALL;
        if (end - variable.from() == 1) {
            return text(parts.get(variable.from()), which, false);
        }
        StringBuilder value = new StringBuilder();
        for (int i = variable.from(); i < end; i++) {
            value.append(i > variable.from() ? "/" : "").append(text(parts.get(i), which, false));
        }
        return value.toString();
    }

    private static String text(String escaped, Escapes which, boolean plusIsBlank) throws Refusal {
        String text = Unescape.text(escaped, which, plusIsBlank);
        if (text == null) {
            throw new Refusal(Failure.badRequest("'" + escaped + "' is not in UTF-8", true));
        }
        return text;
    }

    /** False where a parameter makes the request none of this filter's business. */
    private boolean parameters(
            String target, int from, Rule rule, List<Call.Binding> bindings, Map<String, List<String>> unknown)
            throws Refusal {
        for (int at = from; at < target.length(); ) {
            int next = target.indexOf('&', at);
            int end = next < 0 ? target.length() : next;
            int equals = target.indexOf('=', at);
            // A parameter without a value says nothing.
            if (equals > at && equals < end) {
                String name = target.substring(at, equals);
                if (!ignored.contains(name)
                        && !parameter(name, target.substring(equals + 1, end), rule, bindings, unknown)) {
                    return false;
                }
            }
            at = end + 1;
        }
        return true;
    }

    /** A parameter cannot say of which type an {@code Any} is. */
    private static void refuseInAny(Rule rule, List<FieldDescriptor> path) throws Refusal {
        for (int i = 0; i < path.size() - 1; i++) {
            if (path.get(i).getMessageType().getFullName().equals(ANY)) {
                List<String> names = path.subList(0, i + 1).stream()
                        .map(FieldDescriptor::getName)
                        .toList();
                throw new Refusal(Failure.badRequest(
                        String.join(".", names) + ": invalid value Missing @type for any field in "
                                + rule.method().input().getFullName() + " for type Any",
                        true));
            }
        }
    }

    /** The names between the dots; an escaped dot is part of a name. */
    private List<String> names(String escaped) throws Refusal {
        if (escaped.indexOf('.') < 0) {
            return List.of(name(escaped));
        }
        List<String> names = new ArrayList<>(4);
        for (String one : escaped.split("\\.", -1)) {
            names.add(name(one));
        }
        return names;
    }

    private String name(String escaped) throws Refusal {
        return text(escaped, Escapes.ALL, query.plusIsBlank());
    }

    private boolean parameter(
            String name, String value, Rule rule, List<Call.Binding> bindings, Map<String, List<String>> unknown)
            throws Refusal {
        try {
            List<FieldDescriptor> field = FieldPath.resolve(rule.method().input(), names(name));
            refuseInAny(rule, field);
            bindings.add(new Call.Binding(field, text(value, Escapes.ALL, query.plusIsBlank())));
            return true;
        } catch (FieldPath.NotFound e) {
            if (query.captureUnknown()) {
                unknown.computeIfAbsent(name(name), key -> new ArrayList<>(1))
                        .add(text(value, Escapes.ALL, query.plusIsBlank()));
                return true;
            }
            if (query.ignoreUnknown()) {
                return true;
            }
            if (errors.unknownParameter()) {
                throw new Refusal(Failure.badRequest(e.getMessage(), true));
            }
            return false;
        }
    }
}
