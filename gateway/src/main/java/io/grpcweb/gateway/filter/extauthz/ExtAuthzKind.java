package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The filter {@code ext-authz}. */
public final class ExtAuthzKind implements FilterKind<ExtAuthzConfig>, DescribedFormat<ExtAuthzConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.ext_authz.v3.";

    @Override
    public Class<ExtAuthzConfig> settings() {
        return ExtAuthzConfig.class;
    }

    @Override
    public String type() {
        return "ext-authz";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "ExtAuthz", PACKAGE + "ExtAuthzPerRoute");
    }

    @Override
    public ExtAuthzConfig usual(String name) {
        return ExtAuthzConfig.place(name, false, Optional.empty(), Optional.empty(), Map.of());
    }

    @Override
    public ExtAuthzConfig fields(Fields own, ExtAuthzConfig given) {
        return OwnExtAuthz.fields(own, given);
    }

    @Override
    public ExtAuthzConfig read(String name, Msg typed, Reading envoy) {
        ExtAuthzConfig config = EnvoyExtAuthz.read(name, typed, envoy);
        if (config.service().isEmpty()) {
            envoy.error(typed, "", "a grpc_service or an http_service is needed");
        }
        return config;
    }

    @Override
    public ExtAuthzConfig readPlace(String name, Msg typed, Reading envoy) {
        return EnvoyExtAuthz.readPlace(name, typed, envoy);
    }

    /** The most specific place says what holds; the facts for the service come from all places. */
    @Override
    public ExtAuthzConfig onRoute(ExtAuthzConfig listener, List<ExtAuthzConfig> places, Msg where, Reading envoy) {
        Map<String, String> extensions = new HashMap<>();
        for (int i = places.size() - 1; i >= 0; i--) {
            extensions.putAll(places.get(i).extensions());
        }
        Optional<AuthzService> service =
                places.stream().flatMap(place -> place.service().stream()).findFirst();
        ExtAuthzConfig made = listener.at(places.get(0), extensions);
        return service.map(made::asking).orElse(made);
    }

    @Override
    public HttpFilterFactory make(ExtAuthzConfig config, FilterContext context) {
        return new ExtAuthzFactory(config, context);
    }
}
