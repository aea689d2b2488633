package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which tokens count, and which requests need one.
 *
 * @param providers who issues tokens, by name
 * @param rules the first one that fits a request says what it needs; where none does, it needs nothing
 * @param stateRules asked where no rule fits
 * @param requirements to which rules and routes refer by name
 * @param bypassPreflight whether a CORS preflight needs nothing
 * @param stripFailure whether refusals tell neither reason nor challenge
 * @param statPrefix stands before the names of the series
 * @param place what a route says instead of the rules
 */
public record JwtAuthnConfig(
        String name,
        Map<String, JwtProvider> providers,
        List<Rule> rules,
        StateRules stateRules,
        Map<String, Requirement> requirements,
        boolean bypassPreflight,
        boolean stripFailure,
        String statPrefix,
        Place place)
        implements FilterConfig {

    public JwtAuthnConfig {
        providers = new LinkedHashMap<>(providers);
        rules = List.copyOf(rules);
        requirements = new LinkedHashMap<>(requirements);
    }

    /** What a route of its own settings says. */
    public sealed interface Place {
        /** The rules of the listener count. */
        record Rules() implements Place {}

        /** Nothing is needed. */
        record Off() implements Place {}

        /** The requirement of this name, which may be missing: then nobody gets through. */
        record Named(String requirement) implements Place {}
    }

    /**
     * Where no rule fits, an object that a filter before keeps for the exchange decides.
     *
     * @param key of the object; empty where there are no such rules
     * @param requires what is needed by the text of the object; nothing is, where it has another one
     */
    public record StateRules(String key, Map<String, Requirement> requires) {
        static final StateRules NONE = new StateRules("", Map.of());

        public StateRules {
            requires = new LinkedHashMap<>(requires);
        }
    }

    /** Requests that fit need what is required, or nothing where it is absent. */
    public record Rule(RouteConfig.Match match, Optional<Requirement> requirement) {}

    @Override
    public boolean readsQuery() {
        return providers.values().stream()
                .anyMatch(one -> !one.places().orDefault().parameters().isEmpty());
    }

    @Override
    public Set<String> clusters() {
        return providers.values().stream()
                .map(JwtProvider::keys)
                .filter(Jwks.Remote.class::isInstance)
                .map(keys -> ((Jwks.Remote) keys).cluster())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The settings of a listener with what a route says. */
    JwtAuthnConfig at(Place there) {
        return new JwtAuthnConfig(
                name, providers, rules, stateRules, requirements, bypassPreflight, stripFailure, statPrefix, there);
    }
}
