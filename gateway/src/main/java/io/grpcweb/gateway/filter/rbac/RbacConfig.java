package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.Optional;

/**
 * Who may call what.
 *
 * @param rules absent: every call passes
 * @param shadow rules that are only counted and told
 * @param statPrefix stands before the names of what the rules count and tell; may be empty
 * @param shadowStatPrefix the same for the shadow rules
 * @param policyStats whether each policy has counters of its own
 * @param series whose series the rules count in: those of the listener's filter, where a place of an Envoy file has rules
 *     of its own
 */
public record RbacConfig(
        String name,
        Optional<Rules> rules,
        Optional<Rules> shadow,
        String statPrefix,
        String shadowStatPrefix,
        boolean policyStats,
        Optional<Series> series)
        implements FilterConfig {

    /** The prefixes of series. */
    public record Series(String prefix, String shadowPrefix) {}

    /** Rules that count in series of their own. */
    public RbacConfig(
            String name,
            Optional<Rules> rules,
            Optional<Rules> shadow,
            String statPrefix,
            String shadowStatPrefix,
            boolean policyStats) {
        this(name, rules, shadow, statPrefix, shadowStatPrefix, policyStats, Optional.empty());
    }

    /** The prefixes of the series. */
    Series counted() {
        return series.orElseGet(() -> new Series(statPrefix, shadowStatPrefix));
    }

    @Override
    public boolean readsQuery() {
        return true;
    }
}
