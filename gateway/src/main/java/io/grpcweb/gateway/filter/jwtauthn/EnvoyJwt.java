package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.config.envoy.DataSources;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication}. */
record EnvoyJwt(Reading envoy) {

    JwtAuthnConfig read(String name, Msg typed) {
        Map<String, JwtProvider> providers = new LinkedHashMap<>();
        typed.map("providers").forEach((key, provider) -> providers.put(key, provider(provider)));
        Map<String, Requirement> named = requirements(typed, "requirement_map");
        JwtAuthnConfig config = new JwtAuthnConfig(
                name,
                providers,
                typed.messages("rules").stream().map(rule -> rule(rule, named)).toList(),
                typed.message("filter_state_rules")
                        .map(rules ->
                                new JwtAuthnConfig.StateRules(rules.text("name"), requirements(rules, "requires")))
                        .orElse(JwtAuthnConfig.StateRules.NONE),
                named,
                typed.flag("bypass_cors_preflight", false),
                typed.flag("strip_failure_response", false),
                typed.text("stat_prefix"),
                new JwtAuthnConfig.Place.Rules());
        RequirementCheck.unknownProviders(config)
                .forEach(unknown -> envoy.error(
                        typed,
                        "rules",
                        "unknown provider '" + unknown + "': providers has " + String.join(", ", providers.keySet())));
        return config;
    }

    /** A {@code PerRouteConfig}; what the listener says is filled in later. */
    static JwtAuthnConfig place(String name, Msg typed) {
        JwtAuthnConfig.Place place = typed.flag("disabled", false)
                ? new JwtAuthnConfig.Place.Off()
                : new JwtAuthnConfig.Place.Named(typed.text("requirement_name"));
        return new JwtAuthnConfig(
                name, Map.of(), List.of(), JwtAuthnConfig.StateRules.NONE, Map.of(), false, false, "", place);
    }

    private Map<String, Requirement> requirements(Msg owner, String field) {
        Map<String, Requirement> found = new LinkedHashMap<>();
        owner.map(field).forEach((name, one) -> found.put(name, requirement(one)));
        return found;
    }

    private JwtAuthnConfig.Rule rule(Msg rule, Map<String, Requirement> named) {
        Optional<Requirement> required = rule.message("requires").flatMap(this::any);
        if (rule.has("requirement_name")) {
            required = Optional.ofNullable(named.get(rule.text("requirement_name")));
            if (required.isEmpty()) {
                envoy.error(
                        rule,
                        "requirement_name",
                        "Wrong requirement_name: " + rule.text("requirement_name") + ". requirement_map has "
                                + (named.isEmpty() ? "none" : String.join(", ", named.keySet())));
            }
        }
        return new JwtAuthnConfig.Rule(
                rule.message("match").map(envoy.matchers()::request).orElseGet(() -> envoy.matchers()
                        .request(rule)),
                required);
    }

    /** Nothing is needed where nothing is set. */
    private Optional<Requirement> any(Msg requirement) {
        return requirement.which("requires_type").isEmpty() ? Optional.empty() : Optional.of(requirement(requirement));
    }

    private Requirement requirement(Msg one) {
        return switch (one.which("requires_type")) {
            case "provider_name" -> new Requirement.Provider(one.text("provider_name"), Optional.empty());
            case "provider_and_audiences" ->
                one.message("provider_and_audiences")
                        .map(both -> new Requirement.Provider(
                                both.text("provider_name"), Optional.of(both.texts("audiences"))))
                        .orElseThrow();
            case "requires_any" -> new Requirement.Any(list(one.message("requires_any")));
            case "requires_all" -> new Requirement.All(list(one.message("requires_all")));
            case "extract_only_without_validation" ->
                new Requirement.ExtractOnly(one.message("extract_only_without_validation")
                        .map(how -> lower(how.text("verification_status_header")))
                        .orElse(""));
            case "allow_missing" -> new Requirement.AllowMissing();
            case "allow_missing_or_failed" -> new Requirement.AllowMissingOrFailed();
            // Nothing is asked of anybody.
            case "" -> new Requirement.All(List.of());
            default -> throw new IllegalStateException("requires_type " + one.which("requires_type"));
        };
    }

    private List<Requirement> list(Optional<Msg> owner) {
        return owner.map(all -> all.messages("requirements")).orElse(List.of()).stream()
                .map(this::requirement)
                .toList();
    }

    private JwtProvider provider(Msg typed) {
        long skew = typed.number("clock_skew_seconds", 0);
        return new JwtProvider(
                typed.text("issuer"),
                typed.texts("audiences"),
                typed.message("subjects").flatMap(envoy.matchers()::text),
                typed.flag("require_expiration", false),
                typed.duration("max_lifetime"),
                skew == 0 ? JwtProvider.CLOCK_SKEW : Duration.ofSeconds(skew),
                keys(typed),
                new JwtProvider.Places(
                        typed.messages("from_headers").stream()
                                .map(header ->
                                        new JwtProvider.Header(lower(header.text("name")), header.text("value_prefix")))
                                .toList(),
                        typed.texts("from_params"),
                        typed.texts("from_cookies")),
                typed.flag("forward", false),
                outcome(typed),
                typed.message("jwt_cache_config").map(EnvoyJwt::cache).orElse(JwtProvider.TokenCacheConfig.DEFAULT),
                typed.flag("clear_route_cache", false));
    }

    private static JwtProvider.TokenCacheConfig cache(Msg config) {
        JwtProvider.TokenCacheConfig usual = JwtProvider.TokenCacheConfig.DEFAULT;
        int most = config.integer("jwt_cache_size", 0);
        int bytes = config.integer("jwt_max_token_size", 0);
        return new JwtProvider.TokenCacheConfig(
                true, most == 0 ? usual.most() : most, bytes == 0 ? usual.maxTokenBytes() : bytes);
    }

    private static JwtProvider.Outcome outcome(Msg typed) {
        return new JwtProvider.Outcome(
                typed.filled("forward_payload_header").map(EnvoyJwt::lower),
                typed.flag("pad_forward_payload_header", false),
                typed.messages("claim_to_headers").stream().map(EnvoyJwt::claim).toList(),
                typed.filled("payload_in_metadata"),
                typed.filled("header_in_metadata"),
                typed.filled("failed_status_in_metadata"),
                typed.message("normalize_payload_in_metadata")
                        .map(how -> how.texts("space_delimited_claims"))
                        .orElse(List.of()));
    }

    private static JwtProvider.Claim claim(Msg typed) {
        String header = lower(typed.text("header_name"));
        List<Msg> path = typed.messages("claim_path");
        return path.isEmpty()
                ? JwtProvider.Claim.dotted(header, typed.text("claim_name"))
                : new JwtProvider.Claim(
                        header, path.stream().map(one -> one.text("key")).toList());
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private Jwks keys(Msg typed) {
        Optional<Msg> remote = typed.message("remote_jwks");
        if (remote.isPresent()) {
            return remote(remote.get());
        }
        Optional<Msg> local = typed.message("local_jwks");
        if (local.isEmpty()) {
            envoy.error(typed, "", "one of remote_jwks, local_jwks is required");
            return new Jwks.Local("", Optional.empty());
        }
        Msg source = local.get();
        String text = DataSources.text(source, envoy);
        if (!text.isEmpty() || source.has("inline_string")) {
            try {
                KeySet.parse(text);
            } catch (IOException e) {
                envoy.error(typed, "local_jwks", e.getMessage());
            }
        }
        return new Jwks.Local(text, source.has("filename") ? Optional.of(source.text("filename")) : Optional.empty());
    }

    private Jwks remote(Msg remote) {
        Optional<Msg> server = remote.message("http_uri");
        Optional<Msg> ahead = remote.message("async_fetch");
        Optional<Msg> retries = remote.message("retry_policy");
        Optional<Msg> backOff = retries.flatMap(policy -> policy.message("retry_back_off"));
        String uri = server.map(one -> one.text("uri")).orElse("");
        String cluster = server.map(one -> one.text("cluster")).orElse("");
        server.ifPresent(one -> {
            RemoteUri.problem(uri).ifPresent(text -> envoy.error(one, "uri", text));
            envoy.requireCluster(one, "cluster", cluster);
        });
        Duration base = backOff.flatMap(one -> one.duration("base_interval")).orElse(Jwks.Remote.BACK_OFF);
        return new Jwks.Remote(
                uri,
                cluster,
                server.flatMap(one -> one.duration("timeout")).orElse(Duration.ZERO),
                remote.duration("cache_duration", Jwks.Remote.CACHE_DURATION),
                Jwks.Remote.OUTLIVE,
                ahead.isPresent(),
                ahead.isPresent() && !ahead.get().flag("fast_listener", false),
                ahead.flatMap(one -> one.duration("failed_refetch_duration")).orElse(Jwks.Remote.RETRY_PAUSE),
                retries.map(policy -> policy.integer("num_retries", 1)).orElse(0),
                base,
                backOff.flatMap(one -> one.duration("max_interval"))
                        .orElse(backOff.isPresent() ? base.multipliedBy(10) : Jwks.Remote.BACK_OFF_MAX));
    }
}
