package io.grpcweb.gateway.filter.descriptors;

import io.grpcweb.gateway.config.RateLimit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a request is counted as.
 *
 * @param entries in order, at least one
 * @param override a limit in place of the one that a service has for it
 * @param hits how much the request counts; absent for one
 * @param negative whether that is given back
 */
public record Descriptor(
        List<Entry> entries, Optional<RateLimit.LimitOverride.Fixed> override, OptionalLong hits, boolean negative) {
    public Descriptor {
        entries = List.copyOf(entries);
    }

    /** A key with its value, which may be empty. */
    public record Entry(String key, String value) {}
}
