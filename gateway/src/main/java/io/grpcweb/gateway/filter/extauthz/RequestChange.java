package io.grpcweb.gateway.filter.extauthz;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the changes that a service asked for. A field whose name or value no message may have, or which the rules do not
 * allow, is left out, or makes the answer an error.
 *
 * @param strict whether an invalid field is an error
 */
record RequestChange(boolean strict, Optional<MutationRules> rules) {

    /** Whether the decision may be followed at all. */
    boolean accepts(Decision decision) {
        return (!strict || isValid(decision))
                && (rules.isEmpty() || !rules.get().isError() || isAllowed(decision));
    }

    private static boolean isValid(Decision decision) {
        return decision.set.stream().allMatch(FieldSyntax::isField)
                && decision.beside.stream().allMatch(FieldSyntax::isField)
                && decision.replace.stream().allMatch(FieldSyntax::isField)
                && decision.add.stream().allMatch(FieldSyntax::isField)
                && decision.join.stream().allMatch(FieldSyntax::isField)
                && decision.response.stream().allMatch(FieldSyntax::isField)
                && decision.remove.stream().allMatch(FieldSyntax::isName)
                && decision.parameters.stream().allMatch(FieldSyntax::isParameter);
    }

    private boolean isAllowed(Decision decision) {
        MutationRules rule = rules.get();
        return decision.replace.stream().allMatch(field -> rule.allows(field.name()))
                && decision.add.stream().allMatch(field -> rule.allows(field.name()))
                && decision.join.stream().allMatch(field -> rule.allows(field.name()))
                && decision.remove.stream().allMatch(rule::allows);
    }

    /** Changes the head of a request. */
    void apply(Decision decision, Http2Headers head) {
        for (Decision.Field field : decision.replace) {
            if (may(field)) {
                set(field, head);
            }
        }
        for (Decision.Field field : decision.add) {
            if (may(field) && !field.name().startsWith(":")) {
                head.add(field.name(), field.value());
            }
        }
        for (Decision.Field field : decision.join) {
            if (may(field) && !field.name().startsWith(":") && head.contains(field.name())) {
                join(field, head);
            }
        }
        for (String name : decision.remove) {
            if (!name.startsWith(":") && !name.equals("host") && allows(name)) {
                head.remove(name);
            }
        }
        if (!decision.parameters.isEmpty() || !decision.removedParameters.isEmpty()) {
            head.path(QueryParameters.change(head.path().toString(), decision.parameters, decision.removedParameters));
        }
    }

    /** The first value grows; others of the name stay. */
    private static void join(Decision.Field field, Http2Headers head) {
        List<CharSequence> values = new ArrayList<>(head.getAll(field.name()));
        values.set(0, values.get(0) + "," + field.value());
        head.set(field.name(), values);
    }

    private boolean may(Decision.Field field) {
        return FieldSyntax.isField(field) && allows(field.name());
    }

    private boolean allows(String name) {
        return rules.isEmpty() || rules.get().allows(name);
    }

    /** The host of a request is its authority; pseudo-header fields that a request does not have are not made. */
    private static void set(Decision.Field field, Http2Headers head) {
        if (field.name().equals("host")) {
            head.authority(field.value());
        } else if (!field.name().startsWith(":") || head.contains(field.name())) {
            head.set(field.name(), field.value());
        }
    }
}
