package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.config.HeaderRules;

/** One change of the query of a request; names keep their letter case. */
public sealed interface QueryMutation {

    /** Adds or replaces a parameter; its value may hold {@code %COMMAND%} operators. */
    record Set(String name, String value, HeaderRules.Action action) implements QueryMutation {}

    /** Removes a parameter, wherever it stands. */
    record Remove(String name) implements QueryMutation {}
}
