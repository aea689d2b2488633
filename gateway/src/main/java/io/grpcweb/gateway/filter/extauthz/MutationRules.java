package io.grpcweb.gateway.filter.extauthz;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.Patterns;
import java.util.Optional;

/**
 * Which fields of a request a service may change (envoy/config/common/mutation_rules/v3).
 *
 * @param routing whether the method, the scheme and the authority may be changed
 * @param envoy whether {@code x-envoy-} fields may be
 * @param noSystem whether no pseudo-header field may be
 * @param nothing whether no field may be that {@code allowed} does not name
 * @param allowed may be changed in any case
 * @param refused may be changed in no case
 * @param isError whether an answer with a change that is not allowed is an error; else that change is left out
 */
public record MutationRules(
        boolean routing,
        boolean envoy,
        boolean noSystem,
        boolean nothing,
        Optional<Pattern> allowed,
        Optional<Pattern> refused,
        boolean isError) {

    /** Envoy's, where there are rules at all. */
    static final MutationRules CAREFUL =
            new MutationRules(false, false, false, false, Optional.empty(), Optional.empty(), false);

    boolean allows(String name) {
        if (fits(refused, name)) {
            return false;
        }
        if (fits(allowed, name)) {
            return true;
        }
        if (nothing || noSystem && name.startsWith(":")) {
            return false;
        }
        return switch (name) {
            case "host", ":authority", ":scheme", ":method" -> routing;
            default -> envoy || !name.startsWith("x-envoy-");
        };
    }

    private static boolean fits(Optional<Pattern> pattern, String name) {
        return pattern.isPresent() && Patterns.matches(pattern.get(), name);
    }
}
