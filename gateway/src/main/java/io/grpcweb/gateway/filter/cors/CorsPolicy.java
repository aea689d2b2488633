package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.StringMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pages of other origins may call, as far as one place of the configuration says it. Fields that are empty or
 * absent are taken from the next outer place; see {@link #or}.
 *
 * @param origins matchers of the Origin field; one that fits the text {@code *} allows every origin, as in Envoy
 * @param allowMethods answered to a preflight; {@code *} echoes the method asked for
 * @param allowHeaders answered to a preflight; {@code *} echoes the fields asked for
 * @param exposeHeaders what a script may read of a response
 * @param exposeSent whether it may read what else the response has, too
 * @param maxAge seconds that a preflight's answer may be kept, as text
 * @param allowCredentials whether cookies may be sent
 * @param allowPrivateNetwork whether a page of a public address may call a private one
 * @param forwardNotMatching whether a preflight of an origin that is not allowed goes to the backend
 * @param refuseForeign whether a call of an origin that is not allowed is refused; else it goes to the backend, and only its response
 *     cannot be read
 * @param enabled share of requests for which the policy is in force, 0 to 1
 * @param shadow share of requests for which it is only counted, 0 to 1
 * @param place where it stands: file, line and path, for the line that explains a refusal
 */
public record CorsPolicy(
        List<StringMatch> origins,
        String allowMethods,
        String allowHeaders,
        String exposeHeaders,
        Optional<Boolean> exposeSent,
        String maxAge,
        Optional<Boolean> allowCredentials,
        Optional<Boolean> allowPrivateNetwork,
        Optional<Boolean> forwardNotMatching,
        Optional<Boolean> refuseForeign,
        double enabled,
        double shadow,
        Origin place) {

    public CorsPolicy {
        origins = List.copyOf(origins);
    }

    /** The policy among the settings of a route or a virtual host. */
    public static Optional<CorsPolicy> of(Map<String, FilterOverride> filters) {
        return filters.values().stream()
                .filter(FilterOverride.Replaced.class::isInstance)
                .map(override -> ((FilterOverride.Replaced) override).filter())
                .filter(CorsConfig.class::isInstance)
                .flatMap(filter -> ((CorsConfig) filter).policy().stream())
                .findFirst();
    }

    /**
     * This policy with its gaps filled from an outer one. {@code enabled} and {@code shadow} are read from the most
     * specific policy only, as Envoy does.
     */
    public CorsPolicy or(CorsPolicy outer) {
        return new CorsPolicy(
                origins.isEmpty() ? outer.origins : origins,
                firstText(allowMethods, outer.allowMethods),
                firstText(allowHeaders, outer.allowHeaders),
                firstText(exposeHeaders, outer.exposeHeaders),
                exposeSent.or(() -> outer.exposeSent),
                firstText(maxAge, outer.maxAge),
                allowCredentials.or(() -> outer.allowCredentials),
                allowPrivateNetwork.or(() -> outer.allowPrivateNetwork),
                forwardNotMatching.or(() -> outer.forwardNotMatching),
                refuseForeign.or(() -> outer.refuseForeign),
                enabled,
                shadow,
                place);
    }

    private static String firstText(String own, String outer) {
        return own.isEmpty() ? outer : own;
    }
}
