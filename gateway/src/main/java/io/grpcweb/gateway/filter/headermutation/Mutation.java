package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.StringMatch;

/** One change of a head or of trailers. */
public sealed interface Mutation {

    /** Adds or replaces a field. */
    record Add(HeaderRules.Add field) implements Mutation {}

    /** Removes a field by its name in lower-case. */
    record Remove(String name) implements Mutation {}

    /** Removes the fields whose names fit; pseudo-header fields stay. */
    record RemoveMatching(StringMatch names) implements Mutation {}
}
