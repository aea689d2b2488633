package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The filter {@code jwt-authn}. */
public final class JwtAuthnKind implements FilterKind<JwtAuthnConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.jwt_authn.v3.";

    @Override
    public Class<JwtAuthnConfig> settings() {
        return JwtAuthnConfig.class;
    }

    @Override
    public String type() {
        return "jwt-authn";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "JwtAuthentication", PACKAGE + "PerRouteConfig");
    }

    @Override
    public JwtAuthnConfig read(String name, Section own) {
        Map<String, Requirement> named = OwnRequirements.named(own, "requirements");
        JwtAuthnConfig config = new JwtAuthnConfig(
                name,
                OwnProviders.read(own),
                OwnRequirements.rules(own, named),
                OwnRequirements.stateRules(own),
                named,
                own.flag("bypass-preflight", false),
                own.flag("strip-failure", false),
                own.text("stat-prefix", ""),
                place(own));
        RequirementCheck.unknownProviders(config)
                .forEach(unknown -> own.error(
                        "",
                        "unknown provider '" + unknown + "': providers has "
                                + String.join(", ", config.providers().keySet())));
        return config;
    }

    private static JwtAuthnConfig.Place place(Section own) {
        if (own.flag("off", false)) {
            return new JwtAuthnConfig.Place.Off();
        }
        return own.text("requirement")
                .<JwtAuthnConfig.Place>map(JwtAuthnConfig.Place.Named::new)
                .orElseGet(JwtAuthnConfig.Place.Rules::new);
    }

    @Override
    public void write(JwtAuthnConfig config, Tree own) {
        OwnProviders.write(own, config.providers());
        OwnRequirements.write(own, config);
        own.put("bypass-preflight", config.bypassPreflight(), false)
                .put("strip-failure", config.stripFailure(), false)
                .put("stat-prefix", config.statPrefix(), "")
                .put("off", config.place() instanceof JwtAuthnConfig.Place.Off, false)
                .put(
                        "requirement",
                        config.place() instanceof JwtAuthnConfig.Place.Named named
                                ? Optional.of(named.requirement())
                                : Optional.empty());
    }

    @Override
    public JwtAuthnConfig read(String name, Msg typed, Reading envoy) {
        return new EnvoyJwt(envoy).read(name, typed);
    }

    @Override
    public JwtAuthnConfig readPlace(String name, Msg typed, Reading envoy) {
        return EnvoyJwt.place(name, typed);
    }

    @Override
    public JwtAuthnConfig onRoute(JwtAuthnConfig listener, List<JwtAuthnConfig> places, Msg where, Reading envoy) {
        return listener.at(places.get(0).place());
    }

    @Override
    public HttpFilterFactory make(JwtAuthnConfig config, FilterContext context) {
        return new JwtAuthnFactory(config, context);
    }
}
