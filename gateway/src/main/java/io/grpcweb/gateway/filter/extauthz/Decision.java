package io.grpcweb.gateway.filter.extauthz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a service has said, in either protocol; filled in by the reader of its answer. */
final class Decision {
    /** The outcome of a question. */
    enum Verdict {
        PASS,
        DENY,
        /** There is no answer, or one that says neither. */
        ERROR
    }

    /** A field by its name in lower-case. */
    record Field(String name, String value) {}

    /** A query parameter as it stands in a path; an empty value removes nothing. */
    record Parameter(String name, String value) {}

    Verdict verdict = Verdict.ERROR;

    /** For a refusal, 0 for the usual one. */
    int status;

    /** Of a refusal. */
    String text = "";

    // Fields of a refusal: the first take the place of others, the second stand beside others.

    final List<Field> set = new ArrayList<>(4);
    final List<Field> beside = new ArrayList<>(0);

    // Changes of a request that passes, in the order in which they are made.

    final List<Field> replace = new ArrayList<>(4);
    final List<Field> add = new ArrayList<>(0);
    final List<Field> join = new ArrayList<>(0);
    final List<String> remove = new ArrayList<>(0);
    final List<Parameter> parameters = new ArrayList<>(0);
    final List<String> removedParameters = new ArrayList<>(0);

    /** Added to the response of the backend. */
    final List<Field> response = new ArrayList<>(0);

    final Map<String, Object> metadata = new LinkedHashMap<>(0);

    static Decision error() {
        return new Decision();
    }

    /** Whether the request is changed where it passes, and one of these fields is where only some count. */
    boolean changes(List<String> fields) {
        return fields.isEmpty()
                ? changesRequest()
                : Stream.of(replace, add, join).flatMap(List::stream).anyMatch(one -> fields.contains(one.name()))
                        || remove.stream().anyMatch(fields::contains);
    }

    /** Whether the request is changed where it passes. */
    boolean changesRequest() {
        return !(replace.isEmpty()
                && add.isEmpty()
                && join.isEmpty()
                && remove.isEmpty()
                && parameters.isEmpty()
                && removedParameters.isEmpty());
    }
}
