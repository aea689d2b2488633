package io.grpcweb.gateway.filter.extauthz;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.filter.service.GrpcServiceFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code envoy.extensions.filters.http.ext_authz.v3}. */
final class EnvoyExtAuthz {
    private static final int FORBIDDEN = 403;

    private EnvoyExtAuthz() {}

    static ExtAuthzConfig read(String name, Msg typed, Reading envoy) {
        return new ExtAuthzConfig(
                name,
                false,
                service(typed, envoy),
                new ExtAuthzConfig.Shown(
                        fields(typed, envoy),
                        typed.flag("encode_raw_headers", false),
                        typed.flag("include_peer_certificate", false),
                        typed.flag("include_tls_session", false),
                        typed.texts("metadata_context_namespaces"),
                        typed.texts("route_metadata_context_namespaces")),
                typed.message("with_request_body").map(EnvoyExtAuthz::body),
                Map.of(),
                new ExtAuthzConfig.Effect(
                        typed.flag("clear_route_cache", false),
                        typed.texts("clear_route_cache_headers").stream()
                                .map(field -> field.toLowerCase(Locale.ROOT))
                                .toList(),
                        typed.flag("enable_dynamic_metadata_ingestion", true),
                        typed.flag("validate_mutations", false),
                        typed.message("decoder_header_mutation_rules").map(rules -> rules(rules, envoy)),
                        typed.integer("max_denied_response_body_bytes", 0)),
                new ExtAuthzConfig.OnError(
                        typed.flag("failure_mode_allow", false),
                        typed.flag("failure_mode_allow_header_add", false),
                        typed.message("status_on_error")
                                .map(status -> envoy.statusCode(status.text("code")))
                                .filter(status -> status >= 200)
                                .orElse(FORBIDDEN)),
                Reading.share(typed, "filter_enabled", 1),
                typed.message("filter_enabled_metadata").flatMap(envoy.matchers()::metadata),
                typed.flag("shadow_mode", false),
                typed.message("deny_at_disable")
                        .map(flag -> flag.flag("default_value", false))
                        .orElse(false),
                typed.text("stat_prefix"),
                typed.flag("charge_cluster_response_stats", true));
    }

    /** An {@code ExtAuthzPerRoute}: what it does not say is left to the listener. */
    static ExtAuthzConfig readPlace(String name, Msg place, Reading envoy) {
        Optional<Msg> check = place.message("check_settings");
        Map<String, String> extensions =
                check.map(settings -> settings.textsByKey("context_extensions")).orElse(Map.of());
        boolean bodiless = check.map(settings -> settings.flag("disable_request_body_buffering", false))
                .orElse(false);
        Optional<ExtAuthzConfig.Body> body =
                check.flatMap(settings -> settings.message("with_request_body")).map(EnvoyExtAuthz::body);
        if (bodiless && body.isPresent()) {
            envoy.error(
                    check.get(),
                    "with_request_body",
                    "only one of disable_request_body_buffering and with_request_body may be set");
        }
        return ExtAuthzConfig.place(
                name,
                place.flag("disabled", false),
                check.flatMap(settings -> service(settings, envoy)),
                bodiless ? Optional.of(ExtAuthzConfig.Body.NONE) : body,
                extensions);
    }

    private static Optional<AuthzService> service(Msg owner, Reading envoy) {
        Optional<AuthzService> grpc = owner.message("grpc_service")
                .flatMap(service -> GrpcServiceFormat.read(service, AuthzService.USUAL_TIMEOUT, envoy))
                .map(AuthzService.Grpc::new);
        return grpc.or(() -> owner.message("http_service").flatMap(service -> http(service, envoy)));
    }

    private static Optional<AuthzService> http(Msg service, Reading envoy) {
        Optional<Msg> uri = service.message("server_uri");
        if (uri.isEmpty()) {
            envoy.error(service, "", "server_uri is required");
            return Optional.empty();
        }
        envoy.requireCluster(uri.get(), "cluster", uri.get().text("cluster"));
        if (!service.text("path_prefix").isEmpty()
                && !service.text("path_override").isEmpty()) {
            envoy.error(service, "path_override", "only one of path_prefix and path_override may be set");
        }
        for (String field : List.of("path_prefix", "path_override")) {
            if (!service.text(field).isEmpty() && !service.text(field).startsWith("/")) {
                envoy.error(service, field, "must begin with a slash");
            }
        }
        return Optional.of(new AuthzService.Http(
                uri.get().text("cluster"),
                uri.get().duration("timeout", AuthzService.USUAL_TIMEOUT),
                service.text("path_prefix"),
                service.text("path_override"),
                service.message("authorization_request")
                        .map(request -> GrpcServiceFormat.values(
                                request, "headers_to_add", HeaderRules.Action.OVERWRITE_OR_ADD, envoy))
                        .orElse(List.of()),
                answer(service.message("authorization_response"), envoy)));
    }

    private static AuthzService.HttpAnswer answer(Optional<Msg> response, Reading envoy) {
        return new AuthzService.HttpAnswer(
                matches(response, "allowed_upstream_headers", envoy).orElse(List.of()),
                matches(response, "allowed_upstream_headers_to_append", envoy).orElse(List.of()),
                matches(response, "allowed_client_headers", envoy),
                matches(response, "allowed_client_headers_on_success", envoy).orElse(List.of()),
                matches(response, "dynamic_metadata_from_headers", envoy).orElse(List.of()));
    }

    /** Those of the HTTP service stand in an older place. */
    private static VisibleFields fields(Msg typed, Reading envoy) {
        Optional<Msg> older = typed.message("http_service").flatMap(http -> http.message("authorization_request"));
        return new VisibleFields(
                matches(Optional.of(typed), "allowed_headers", envoy)
                        .or(() -> matches(older, "allowed_headers", envoy)),
                matches(Optional.of(typed), "disallowed_headers", envoy).orElse(List.of()));
    }

    /** An {@code envoy.type.matcher.v3.ListStringMatcher}. */
    private static Optional<List<StringMatch>> matches(Optional<Msg> owner, String field, Reading envoy) {
        return owner.flatMap(one -> one.message(field))
                .map(list -> envoy.matchers().texts(list.messages("patterns")));
    }

    private static ExtAuthzConfig.Body body(Msg settings) {
        return new ExtAuthzConfig.Body(
                settings.integer("max_request_bytes", 0),
                settings.flag("allow_partial_message", false),
                settings.flag("pack_as_bytes", false));
    }

    private static MutationRules rules(Msg rules, Reading envoy) {
        return new MutationRules(
                rules.flag("allow_all_routing", false),
                rules.flag("allow_envoy", false),
                rules.flag("disallow_system", false),
                rules.flag("disallow_all", false),
                pattern(rules, "allow_expression", envoy),
                pattern(rules, "disallow_expression", envoy),
                rules.flag("disallow_is_error", false));
    }

    private static Optional<Pattern> pattern(Msg rules, String field, Reading envoy) {
        return rules.message(field).flatMap(envoy::pattern);
    }
}
