package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Optional;

/**
 * The filter {@code cors}. Its policies are settings of routes: in the own format a section {@code cors} of a place, in
 * Envoy's files a message of the filter, or the older field {@code cors}.
 */
public final class CorsKind implements FilterKind<CorsConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.cors.v3.";

    @Override
    public Class<CorsConfig> settings() {
        return CorsConfig.class;
    }

    @Override
    public String type() {
        return "cors";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "Cors", PACKAGE + "CorsPolicy");
    }

    @Override
    public List<String> olderNames() {
        return List.of("cors");
    }

    @Override
    public CorsConfig read(String name, Section own) {
        return new CorsConfig(name, Optional.empty());
    }

    @Override
    public void write(CorsConfig config, Tree own) {}

    @Override
    public boolean hasPlaces() {
        return true;
    }

    @Override
    public Optional<CorsConfig> readPlace(String name, Section place, Optional<CorsConfig> outer) {
        Optional<CorsPolicy> around = outer.flatMap(CorsConfig::policy);
        Optional<CorsPolicy> policy = CorsFormat.read(place, around);
        // The comparison of two policies is left out where there is one: a start does without it.
        boolean same = policy.isPresent() == around.isPresent() && policy.equals(around);
        return same ? outer : policy.map(one -> new CorsConfig(name, Optional.of(one)));
    }

    @Override
    public void writePlace(Tree place, Optional<CorsConfig> config, Optional<CorsConfig> outer) {
        CorsFormat.write(place, config.flatMap(CorsConfig::policy), outer.flatMap(CorsConfig::policy));
    }

    @Override
    public CorsConfig read(String name, Msg typed, Reading envoy) {
        if (typed.type().endsWith("CorsPolicy")) {
            envoy.warn(
                    typed,
                    "",
                    "a CorsPolicy in http_filters turns the filter on and sets no policy, as in Envoy; "
                            + "write it into typed_per_filter_config of the virtual host");
        }
        return new CorsConfig(name, Optional.empty());
    }

    @Override
    public CorsConfig readPlace(String name, Msg typed, Reading envoy) {
        return new CorsConfig(name, Optional.of(EnvoyPolicies.read(typed, envoy)));
    }

    @Override
    public Optional<CorsConfig> readOlderPlace(String name, Msg place, Reading envoy) {
        return place.message("cors").map(policy -> readPlace(name, policy, envoy));
    }

    @Override
    public String withoutFilter() {
        return "a CORS policy without the filter envoy.filters.http.cors does nothing";
    }

    @Override
    public CorsConfig onRoute(CorsConfig listener, List<CorsConfig> places, Msg where, Reading envoy) {
        List<CorsPolicy> policies =
                places.stream().flatMap(place -> place.policy().stream()).toList();
        return new CorsConfig(listener.name(), EnvoyPolicies.joined(policies, where, envoy));
    }

    @Override
    public HttpFilterFactory make(CorsConfig config, FilterContext context) {
        CorsRefusals refusals = context.shared()
                .of(
                        CorsRefusals.class,
                        () -> new CorsRefusals(
                                context.telemetry().recent(),
                                context.telemetry().cors()));
        return new CorsFilterFactory(
                config, new CorsCounter(context.stats().http(context.http().statPrefix()).cors, refusals));
    }
}
