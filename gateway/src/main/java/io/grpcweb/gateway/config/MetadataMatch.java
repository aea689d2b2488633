package io.grpcweb.gateway.config;

import java.util.List;

/**
 * A condition on what filters have found out: Envoy's {@code MetadataMatcher}.
 *
 * @param path the namespace, mostly the name of a filter, and names in the structures below it
 * @param value what must stand there
 * @param invert whether the outcome is turned round
 */
public record MetadataMatch(List<String> path, ValueMatch value, boolean invert) {
    public MetadataMatch {
        path = List.copyOf(path);
    }

    /** Whether the value at the path meets the condition; {@link ValueMatch#ABSENT} where there is none. */
    public boolean fits(Object found) {
        return value.matches(found) != invert;
    }
}
