package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import java.util.List;
import java.util.Optional;

/** CORS policies of Envoy's files; the most specific place counts first, field by field. */
final class EnvoyPolicies {
    private EnvoyPolicies() {}

    static CorsPolicy read(Msg policy, Reading envoy) {
        return new CorsPolicy(
                envoy.matchers().texts(policy.messages("allow_origin_string_match")),
                policy.text("allow_methods"),
                policy.text("allow_headers"),
                policy.text("expose_headers"),
                Optional.empty(),
                policy.text("max_age"),
                policy.flag("allow_credentials"),
                policy.flag("allow_private_network_access"),
                policy.flag("forward_not_matching_preflights"),
                Optional.empty(),
                Reading.share(policy, "filter_enabled", 1),
                Reading.share(policy, "shadow_enabled", 0),
                new Origin(policy.place()));
    }

    /** The policy of a route from those of its places; a policy that lets every origin use cookies is a warning. */
    static Optional<CorsPolicy> joined(List<CorsPolicy> places, Msg where, Reading envoy) {
        Optional<CorsPolicy> policy = places.stream().reduce(CorsPolicy::or);
        policy.filter(whole -> whole.origins().stream().anyMatch(origin -> origin.matches("*"))
                        && whole.allowCredentials().orElse(false))
                .ifPresent(open -> envoy.warn(
                        where, "", "the CORS policy lets EVERY origin call with the cookies of the user, as in Envoy"));
        return policy.map(EnvoyPolicies::complete);
    }

    /** With Envoy's defaults where no place says anything. */
    private static CorsPolicy complete(CorsPolicy policy) {
        return new CorsPolicy(
                policy.origins(),
                policy.allowMethods(),
                policy.allowHeaders(),
                policy.exposeHeaders(),
                Optional.of(false),
                policy.maxAge(),
                Optional.of(policy.allowCredentials().orElse(false)),
                Optional.of(policy.allowPrivateNetwork().orElse(false)),
                Optional.of(policy.forwardNotMatching().orElse(true)),
                Optional.of(policy.refuseForeign().orElse(false)),
                policy.enabled(),
                policy.shadow(),
                policy.place());
    }
}
