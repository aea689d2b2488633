package io.grpcweb.gateway.filter.apikey;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.apikey.ApiKeyConfig.Forwarding;
import io.grpcweb.gateway.filter.apikey.ApiKeyConfig.Source;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The filter {@code api-key}, Envoy's {@code api_key_auth}. */
public final class ApiKeyKind implements FilterKind<ApiKeyConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.api_key_auth.v3.";

    @Override
    public Class<ApiKeyConfig> settings() {
        return ApiKeyConfig.class;
    }

    @Override
    public String type() {
        return "api-key";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "ApiKeyAuth", PACKAGE + "ApiKeyAuthPerRoute");
    }

    @Override
    public ApiKeyConfig read(String name, Section own) {
        Map<String, String> clients = new LinkedHashMap<>();
        own.named("clients").forEach((client, one) -> {
            List<String> keys = one.texts("keys");
            if (keys.isEmpty()) {
                one.error("keys", "at least one key is expected");
            }
            for (String key : keys) {
                if (clients.put(key, client) != null) {
                    one.error("keys", "another client has the same key");
                }
            }
        });
        return new ApiKeyConfig(
                name,
                clients,
                own.sections("sources").stream().map(ApiKeyKind::source).toList(),
                own.texts("allowed-clients"),
                own.section("forward")
                        .map(one -> new Forwarding(
                                one.text("client-field", "").toLowerCase(Locale.ROOT), one.flag("hide-key", false))));
    }

    private static Source source(Section one) {
        List<Source> found = new ArrayList<>();
        for (Source.Kind kind : Source.Kind.values()) {
            one.text(Tree.enumText(kind)).ifPresent(name -> found.add(source(kind, name)));
        }
        if (found.size() != 1) {
            one.error("", "one of header, query and cookie is expected");
        }
        return found.isEmpty() ? new Source(Source.Kind.HEADER, "") : found.get(0);
    }

    private static Source source(Source.Kind kind, String name) {
        return new Source(kind, kind == Source.Kind.HEADER ? name.toLowerCase(Locale.ROOT) : name);
    }

    @Override
    public void write(ApiKeyConfig config, Tree own) {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        config.clients().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(one -> keys.computeIfAbsent(
                        one.getValue(), client -> new ArrayList<>())
                .add(one.getKey()));
        Tree clients = new Tree();
        keys.forEach((client, all) -> clients.put(client, new Tree().list("keys", all)));
        own.section("clients", clients)
                .list("sources", config.sources(), one -> new Tree().put(Tree.enumText(one.kind()), one.name()))
                .list("allowed-clients", config.allowed());
        config.forwarding()
                .ifPresent(one -> own.put(
                        "forward",
                        new Tree().put("client-field", one.field(), "").put("hide-key", one.hide(), false)));
    }

    @Override
    public ApiKeyConfig read(String name, Msg typed, Reading envoy) {
        Map<String, String> clients = new LinkedHashMap<>();
        for (Msg one : typed.messages("credentials")) {
            if (clients.put(one.text("key"), one.text("client")) != null) {
                envoy.error(one, "key", "the key of '" + one.text("client") + "' stands there twice");
            }
        }
        return new ApiKeyConfig(
                name,
                clients,
                typed.messages("key_sources").stream()
                        .map(one -> source(one, envoy))
                        .toList(),
                typed.texts("allowed_clients"),
                typed.message("forwarding")
                        .map(one -> new Forwarding(
                                one.text("header").toLowerCase(Locale.ROOT), one.flag("hide_credentials", false))));
    }

    /** The first of the three counts. */
    private static Source source(Msg one, Reading envoy) {
        for (Source.Kind kind : Source.Kind.values()) {
            Optional<String> name = one.filled(kind.name().toLowerCase(Locale.ROOT));
            if (name.isPresent()) {
                return source(kind, name.get());
            }
        }
        envoy.error(one, "", "one of header, query and cookie is required");
        return new Source(Source.Kind.HEADER, "");
    }

    /** Keys and sources that a place does not name are the listener's; what a backend is told is said by each place anew. */
    @Override
    public ApiKeyConfig onRoute(ApiKeyConfig listener, List<ApiKeyConfig> places, Msg where, Reading envoy) {
        ApiKeyConfig place = places.get(0);
        return new ApiKeyConfig(
                listener.name(),
                place.clients().isEmpty() ? listener.clients() : place.clients(),
                place.sources().isEmpty() ? listener.sources() : place.sources(),
                place.allowed(),
                place.forwarding());
    }

    @Override
    public HttpFilterFactory make(ApiKeyConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        return new ApiKeyFactory(
                config,
                context.stats()
                        .group("http." + http + ".api_key_auth", ApiKeyStats.class, () -> new ApiKeyStats(http)));
    }
}
