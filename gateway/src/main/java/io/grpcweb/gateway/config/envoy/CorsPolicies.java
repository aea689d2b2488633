package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.CorsPolicy;
import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The CORS policy of each route. Settings of the filter count before the older {@code cors} blocks, which are then not
 * looked at; the most specific place counts first, field by field.
 */
final class CorsPolicies {
    private final Reading reading;
    private final Matchers matchers;
    private final Filters chain;

    CorsPolicies(Reading reading, Matchers matchers, Filters chain) {
        this.reading = reading;
        this.matchers = matchers;
        this.chain = chain;
    }

    /** @param places the route (if any), the virtual host and the route configuration, the most specific first */
    Optional<CorsPolicy> policy(List<Msg> places, Optional<Msg> action, List<FilterConfig> filters) {
        List<Msg> given = places.stream()
                .flatMap(place -> chain.corsPolicy(place, filters).stream())
                .toList();
        if (given.isEmpty()) {
            given = Stream.concat(action.stream(), places.stream())
                    .filter(place -> !place.type().endsWith(".RouteConfiguration"))
                    .flatMap(place -> place.message("cors").stream())
                    .toList();
        }
        Optional<CorsPolicy> policy = given.stream().map(this::read).reduce(CorsPolicy::or);
        policy.ifPresent(whole -> warn(whole, places.get(0), filters));
        return policy.map(CorsPolicies::complete);
    }

    private void warn(CorsPolicy policy, Msg where, List<FilterConfig> filters) {
        if (filters.stream().noneMatch(chain::takesCorsPolicies)) {
            reading.warn(where, "", "a CORS policy without the filter envoy.filters.http.cors does nothing");
            return;
        }
        boolean any = policy.origins().stream().anyMatch(origin -> origin.matches("*"));
        if (any && policy.allowCredentials().orElse(false)) {
            reading.warn(where, "", "the CORS policy lets EVERY origin call with the cookies of the user, as in Envoy");
        }
    }

    /** With Envoy's defaults where no place says anything. */
    private static CorsPolicy complete(CorsPolicy policy) {
        return new CorsPolicy(
                policy.origins(),
                policy.allowMethods(),
                policy.allowHeaders(),
                policy.exposeHeaders(),
                policy.maxAge(),
                Optional.of(policy.allowCredentials().orElse(false)),
                Optional.of(policy.allowPrivateNetwork().orElse(false)),
                Optional.of(policy.forwardNotMatching().orElse(true)),
                policy.enabled(),
                policy.shadow(),
                policy.place());
    }

    private CorsPolicy read(Msg policy) {
        return new CorsPolicy(
                matchers.texts(policy.messages("allow_origin_string_match")),
                policy.text("allow_methods"),
                policy.text("allow_headers"),
                policy.text("expose_headers"),
                policy.text("max_age"),
                policy.flag("allow_credentials"),
                policy.flag("allow_private_network_access"),
                policy.flag("forward_not_matching_preflights"),
                Reading.share(policy, "filter_enabled", 1),
                Reading.share(policy, "shadow_enabled", 0),
                policy.place());
    }
}
