package io.grpcweb.gateway.filter.basicauth;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The filter {@code basic-auth}. */
public final class BasicAuthKind implements FilterKind<BasicAuthConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.basic_auth.v3.";
    private static final String AUTHORIZATION = "authorization";

    @Override
    public Class<BasicAuthConfig> settings() {
        return BasicAuthConfig.class;
    }

    @Override
    public String type() {
        return "basic-auth";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "BasicAuth", PACKAGE + "BasicAuthPerRoute");
    }

    @Override
    public BasicAuthConfig read(String name, Section own) {
        return new BasicAuthConfig(
                name,
                Htpasswd.read(own.texts("users"), text -> own.error("users", text)),
                own.text("credentials", AUTHORIZATION).toLowerCase(Locale.ROOT),
                own.text("user-field", "").toLowerCase(Locale.ROOT),
                own.text("realm", ""),
                own.flag("allow-missing", false),
                own.flag("tell-user", false));
    }

    @Override
    public void write(BasicAuthConfig config, Tree own) {
        own.list(
                        "users",
                        config.users().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(user -> user.getKey() + ":" + Htpasswd.SHA + user.getValue())
                                .toList())
                .put("credentials", config.credentials(), AUTHORIZATION)
                .put("user-field", config.userField(), "")
                .put("realm", config.realm(), "")
                .put("allow-missing", config.allowMissing(), false)
                .put("tell-user", config.told(), false);
    }

    @Override
    public BasicAuthConfig read(String name, Msg typed, Reading envoy) {
        return new BasicAuthConfig(
                name,
                users(typed, envoy),
                typed.filled("authentication_header").orElse(AUTHORIZATION).toLowerCase(Locale.ROOT),
                typed.text("forward_username_header").toLowerCase(Locale.ROOT),
                typed.text("realm"),
                typed.flag("allow_missing", false),
                typed.flag("emit_dynamic_metadata", false));
    }

    private static Map<String, String> users(Msg typed, Reading envoy) {
        if (typed.message("users").isEmpty()) {
            envoy.error(typed, "users", "is required");
            return Map.of();
        }
        Msg users = typed.message("users").get();
        return Htpasswd.read(
                envoy.content(users).lines().toList(), text -> envoy.error(users, users.which("specifier"), text));
    }

    /** A place has other users, and may have another realm; the rest is the listener's. */
    @Override
    public BasicAuthConfig onRoute(BasicAuthConfig listener, List<BasicAuthConfig> places, Msg where, Reading envoy) {
        BasicAuthConfig place = places.get(0);
        return new BasicAuthConfig(
                listener.name(),
                place.users(),
                listener.credentials(),
                listener.userField(),
                place.realm().isEmpty() ? listener.realm() : place.realm(),
                listener.allowMissing(),
                listener.told());
    }

    @Override
    public HttpFilterFactory make(BasicAuthConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        return new BasicAuthFactory(
                config,
                context.stats()
                        .group("http." + http + ".basic_auth", BasicAuthStats.class, () -> new BasicAuthStats(http)));
    }
}
