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
 */
public record RbacConfig(
        String name,
        Optional<Rules> rules,
        Optional<Rules> shadow,
        String statPrefix,
        String shadowStatPrefix,
        boolean policyStats)
        implements FilterConfig {
    @Override
    public boolean readsQuery() {
        return true;
    }
}
