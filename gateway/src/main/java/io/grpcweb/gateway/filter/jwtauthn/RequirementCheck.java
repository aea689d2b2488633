package io.grpcweb.gateway.filter.jwtauthn;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Looks for providers that requirements name and that are not there. */
final class RequirementCheck {
    private RequirementCheck() {}

    /** The names of providers that are missing. */
    static Set<String> unknownProviders(JwtAuthnConfig config) {
        Set<String> unknown = new LinkedHashSet<>();
        Stream.of(
                        config.requirements().values().stream(),
                        config.stateRules().requires().values().stream(),
                        config.rules().stream().flatMap(rule -> rule.requirement().stream()))
                .flatMap(Function.identity())
                .flatMap(RequirementCheck::providers)
                .filter(name -> !config.providers().containsKey(name))
                .forEach(unknown::add);
        return unknown;
    }

    private static Stream<String> providers(Requirement requirement) {
        if (requirement instanceof Requirement.Provider one) {
            return Stream.of(one.name());
        }
        if (requirement instanceof Requirement.Any any) {
            return any.of().stream().flatMap(RequirementCheck::providers);
        }
        return requirement instanceof Requirement.All all
                ? all.of().stream().flatMap(RequirementCheck::providers)
                : Stream.empty();
    }
}
