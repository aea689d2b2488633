package io.grpcweb.gateway.config;

import java.util.List;

/**
 * A condition on what filters have found out, or on what the route says: Envoy's {@code MetadataMatcher}.
 *
 * @param path the namespace, mostly the name of a filter, and names in the structures below it
 * @param ofRoute whether it is about what the route says
 * @param value what must stand there
 * @param invert whether the outcome is turned round
 */
public record MetadataMatch(List<String> path, boolean ofRoute, ValueMatch value, boolean invert) {
    public MetadataMatch {
        path = List.copyOf(path);
    }

    /** A condition on what filters have found out. */
    public MetadataMatch(List<String> path, ValueMatch value, boolean invert) {
        this(path, false, value, invert);
    }

    /** The same about what the route says. */
    public MetadataMatch ofTheRoute() {
        return new MetadataMatch(path, true, value, invert);
    }

    /** Whether the value at the path meets the condition; {@link ValueMatch#ABSENT} where there is none. */
    public boolean fits(Object found) {
        return value.matches(found) != invert;
    }
}
