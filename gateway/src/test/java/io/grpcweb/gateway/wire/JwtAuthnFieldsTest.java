package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import io.grpcweb.gateway.testing.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter jwt_authn, but for keys of servers. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record JwtAuthnFieldsTest(Subject subject) {
    private static final Tokens TOKENS = new Tokens();
    private static final String KEYS = "local_jwks: { inline_string: '" + TOKENS.keys("RS256", "ES256") + "' }";
    private static final String ALWAYS = "rules: [ { match: { prefix: / }, requires: { provider_name: main } } ]";
    private static final String ISSUER = "issuer: https://issuer.example, ";
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.";

    @TempDir
    private static Path folder;

    private static String filter(String settings) {
        return """
                - name: jwt
                  typed_config:
                    "@type": %sJwtAuthentication
                    %s
                """.formatted(TYPE, settings.strip().replace("\n", "\n    "));
    }

    /** One provider, whose tokens all requests need. */
    private static String main(String provider) {
        return filter("providers: { main: { " + ISSUER + provider + KEYS + " } }\n" + ALWAYS);
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    private static Answer ask(Subject.Running gateway, String path, String... fields) {
        return Http1Browser.once(gateway.port(), "GET", path, fields);
    }

    private static void refused(Answer answer, int status, String text) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo(text);
    }

    private Subject.Running start(Http1Backend backend, String filter) {
        return subject.start(new EnvoyFile(backend.port())
                .http1()
                .with("FILTERS", filter)
                .with("ROUTES", "- match: { prefix: / }\n  route: { cluster: backend }\n"));
    }

    @Test
    void aGoodTokenIsTakenOutUnlessItIsToBeForwarded() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, main(""))) {
            assertThat(ask(gateway, "/", "authorization", bearer(TOKENS.good())).status())
                    .isEqualTo(200);
            assertThat(backend.next().field("authorization")).isNull();
            Answer missing = ask(gateway, "/a?b=c");
            refused(missing, 401, "Jwt is missing");
            assertThat(missing.header("www-authenticate")).isEqualTo("Bearer realm=\"http://gateway.test/a?b=c\"");
            Answer other = ask(gateway, "/", "authorization", bearer(TOKENS.token("RS256", "{\"iss\":\"x\"}")));
            refused(other, 401, "Jwt issuer is not configured");
            assertThat(other.header("www-authenticate"))
                    .isEqualTo("Bearer realm=\"http://gateway.test/\", error=\"invalid_token\"");
        }
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, main("forward: true, audiences: [ web, app ], "))) {
            String good = bearer(TOKENS.good());
            ask(gateway, "/", "authorization", good);
            assertThat(backend.next().field("authorization")).isEqualTo(good);
            String other = TOKENS.token("RS256", Tokens.claims("").replace("\"web\"", "\"tablet\""));
            refused(ask(gateway, "/", "authorization", bearer(other)), 403, "Audiences in Jwt are not allowed");
        }
    }

    @Test
    void tokensStandWhereTheFileSays() {
        String provider = "from_headers: [ { name: x-token, value_prefix: 'Tok ' } ], from_params: [ t ],"
                + " from_cookies: [ c ], ";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, main(provider))) {
            String good = TOKENS.good();
            ask(gateway, "/", "x-token", "Tok " + good);
            assertThat(backend.next().field("x-token")).isNull();
            ask(gateway, "/p?a=1&t=" + good + "&b=%zz");
            assertThat(backend.next().path()).isEqualTo("/p?a=1&b=%zz");
            ask(gateway, "/", "cookie", "a=b; c=" + good);
            assertThat(backend.next().field("cookie")).isEqualTo("a=b; c=" + good);
            refused(ask(gateway, "/", "authorization", bearer(good)), 401, "Jwt is missing");
            // All that are found must be good.
            assertThat(ask(gateway, "/?t=x", "x-token", "Tok " + good).status()).isEqualTo(401);
        }
    }

    @Test
    void theBackendIsToldWhatAGoodTokenSays() {
        String provider = """
                forward_payload_header: x-payload, pad_forward_payload_header: true, claim_to_headers: [
                  { header_name: x-sub, claim_name: sub }, { header_name: x-city, claim_name: home.city },
                  { header_name: x-dotted, claim_path: [ { key: "a.b" }, { key: c } ] },
                  { header_name: x-list, claim_name: list }, { header_name: x-number, claim_name: n },
                  { header_name: x-rate, claim_name: r }, { header_name: x-none, claim_name: none } ],\s""";
        String claims =
                Tokens.claims(",\"home\":{\"city\":\"K\u00f6ln\"},\"a.b\":{\"c\":true},\"list\":[1,\"x\"],\"n\":7,"
                        + "\"r\":1.5,\"pad\":\"x\"");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, main(provider))) {
            ask(gateway, "/", "authorization", bearer(TOKENS.token("RS256", claims)), "x-sub", "admin", "x-none", "1");
            Http1Backend.Request seen = backend.next();
            assertThat(seen.field("x-sub")).isEqualTo("user-1");
            assertThat(seen.field("x-city")).isEqualTo("K\u00c3\u00b6ln");
            assertThat(seen.field("x-dotted")).isEqualTo("true");
            assertThat(Base64.getDecoder().decode(seen.field("x-list")))
                    .asString()
                    .isEqualTo("[1,\"x\"]");
            assertThat(seen.field("x-number")).isEqualTo("7");
            assertThat(seen.field("x-rate")).isEqualTo("1.500000");
            assertThat(seen.field("x-none")).isNull();
            String payload = seen.field("x-payload");
            assertThat(payload.length() % 4).isZero();
            assertThat(new String(Base64.getUrlDecoder().decode(payload), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(claims);
        }
    }

    @Test
    void metadataTellThatATokenIsMissingAndAnEmptyClaimIsNoField() {
        String name = "envoy.filters.http.jwt_authn";
        String shown = """
                - name: shown
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                    mutations:
                      request_mutations:
                      - append: { header: { key: x-why, value: "%%DYNAMIC_METADATA(%s:failed:message)%%" } }
                """.formatted(name);
        String rules =
                main("failed_status_in_metadata: failed, claim_to_headers: [ { header_name: x-tenant, claim_name:"
                                + " tenant } ], ")
                        .replace(
                                "requires: { provider_name: main }",
                                "requires: { requires_any: { requirements: [ { provider_name: main }, { allow_missing: {} } ] } }");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", rules)
                        .with("BEHIND", shown))) {
            ask(gateway, "/");
            assertThat(backend.next().field("x-why")).isEqualTo("Jwt is missing");
            ask(gateway, "/", "authorization", bearer(TOKENS.token("ES256", Tokens.claims(",\"tenant\":\"\""))));
            assertThat(backend.next().field("x-tenant")).isNull();
        }
    }

    @Test
    void metadataTellWhatATokenSays() throws Exception {
        Path file = Files.createTempFile(folder, "metadata", ".log");
        String provider = "payload_in_metadata: body, header_in_metadata: head, failed_status_in_metadata: failed,"
                + " normalize_payload_in_metadata: { space_delimited_claims: [ scope ] }, ";
        String name = "envoy.filters.http.jwt_authn";
        String operators = "%DYNAMIC_METADATA(" + name + ":body:scope)% %DYNAMIC_METADATA(" + name
                + ":head:alg)% %DYNAMIC_METADATA(" + name + ":failed:message)% %DYNAMIC_METADATA(" + name
                + ":failed:code)% %RESPONSE_CODE_DETAILS%";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", "access_log:\n" + EnvoyFile.fileLog(file, operators))
                        .with("FILTERS", main(provider)))) {
            String scope = Tokens.claims(",\"scope\":\"read write\"");
            ask(gateway, "/", "authorization", bearer(TOKENS.token("ES256", scope)));
            ask(gateway, "/", "authorization", bearer(TOKENS.token("RS256", Tokens.claims(",\"exp\":1"))));
            await().until(() -> Files.readAllLines(file).size() == 2);
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "[\"read\",\"write\"] ES256 - - via_upstream",
                        "- - Jwt is expired 3 jwt_authn_access_denied{Jwt_is_expired}");
    }

    @Test
    void requirementsArePutTogether() {
        String settings = """
                providers:
                  main: { issuer: https://issuer.example, from_headers: [ { name: x-main } ], %s }
                  more: { issuer: https://more.example, from_headers: [ { name: x-more } ], %s }
                requirement_map: { both: { requires_all: { requirements: [ { provider_name: main }, { provider_name: more } ] } } }
                rules:
                - { match: { prefix: /any }, requires: { requires_any: { requirements: [ { provider_name: main }, { provider_name: more } ] } } }
                - { match: { prefix: /both }, requirement_name: both }
                - { match: { prefix: /aud }, requires: { provider_and_audiences: { provider_name: main, audiences: [ app ] } } }
                - { match: { prefix: /may }, requires: { requires_any: { requirements: [ { provider_name: main }, { allow_missing: {} } ] } } }
                - { match: { prefix: /try }, requires: { allow_missing_or_failed: {} } }
                - { match: { prefix: /see }, requires: { extract_only_without_validation: { verification_status_header: x-good } } }
                - { match: { prefix: /free } }
                - { match: { path: /exact }, requires: { provider_name: main } }
                """.formatted(KEYS, KEYS);
        String main = TOKENS.good();
        String more = TOKENS.token("RS256", Tokens.claims("").replace("//issuer", "//more"));
        String old = TOKENS.token("RS256", Tokens.claims(",\"exp\":1"));
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter(settings))) {
            assertThat(ask(gateway, "/any", "x-more", more).status()).isEqualTo(200);
            refused(ask(gateway, "/any", "x-main", old), 401, "Jwt is expired");
            refused(ask(gateway, "/any"), 401, "Jwt is missing");
            refused(ask(gateway, "/both", "x-main", main), 401, "Jwt is missing");
            assertThat(ask(gateway, "/both", "x-main", main, "x-more", more).status())
                    .isEqualTo(200);
            assertThat(ask(gateway, "/aud", "x-main", main).status()).isEqualTo(403);
            assertThat(ask(gateway, "/may").status()).isEqualTo(200);
            assertThat(ask(gateway, "/may", "x-main", old).status()).isEqualTo(401);
            assertThat(ask(gateway, "/try", "x-main", old).status()).isEqualTo(200);
            assertThat(ask(gateway, "/free", "x-main", old).status()).isEqualTo(200);
            refused(ask(gateway, "/exact?x=1"), 401, "Jwt is missing");
            assertThat(ask(gateway, "/exactly").status()).isEqualTo(200);
            while (backend.wasAsked()) {
                backend.next();
            }
            assertThat(ask(gateway, "/see", "x-main", old).status()).isEqualTo(200);
            assertThat(backend.next().field("x-good")).isEqualTo("false");
        }
    }

    @Test
    void whatAFilterHasFoundOutDecidesWhereNoRuleFits() {
        String who = """
                - name: who
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.set_filter_state.v3.Config
                    on_request_headers:
                    - object_key: who
                      factory_key: envoy.string
                      format_string: { text_format_source: { inline_string: "%REQ(x-who)%" } }
                """;
        String settings = """
                providers: { main: { issuer: https://issuer.example, %s } }
                rules: [ { match: { prefix: /rule }, requires: { provider_name: main } } ]
                filter_state_rules: { name: who, requires: { staff: { provider_name: main }, guest: { allow_missing: {} } } }
                """.formatted(KEYS);
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, who + filter(settings))) {
            refused(ask(gateway, "/", "x-who", "staff"), 401, "Jwt is missing");
            assertThat(ask(gateway, "/", "x-who", "staff", "authorization", bearer(TOKENS.good()))
                            .status())
                    .isEqualTo(200);
            assertThat(ask(gateway, "/", "x-who", "guest").status()).isEqualTo(200);
            assertThat(ask(gateway, "/", "x-who", "other").status()).isEqualTo(200);
            refused(ask(gateway, "/rule", "x-who", "guest"), 401, "Jwt is missing");
        }
    }

    @Test
    void aRouteHasARequirementOfItsOwnOrNone() {
        String settings =
                "providers: { main: { " + ISSUER + KEYS + " } }\nrequirement_map: { named: { provider_name: main } }\n"
                        + "rules: [ { match: { prefix: /off }, requires: { provider_name: main } } ]";
        String routes = """
                - match: { prefix: /named }
                  route: { cluster: backend }
                  typed_per_filter_config: { jwt: { "@type": %1$sPerRouteConfig, requirement_name: named } }
                - match: { prefix: /off/free }
                  route: { cluster: backend }
                  typed_per_filter_config: { jwt: { "@type": %1$sPerRouteConfig, disabled: true } }
                - match: { prefix: /lost }
                  route: { cluster: backend }
                  typed_per_filter_config: { jwt: { "@type": %1$sPerRouteConfig, requirement_name: lost } }
                - match: { prefix: / }
                  route: { cluster: backend }
                """.formatted(TYPE);
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", filter(settings))
                        .with("ROUTES", routes))) {
            assertThat(ask(gateway, "/named").status()).isEqualTo(401);
            assertThat(ask(gateway, "/off").status()).isEqualTo(401);
            assertThat(ask(gateway, "/off/free").status()).isEqualTo(200);
            refused(
                    ask(gateway, "/lost"),
                    403,
                    "Failed JWT authentication: Wrong requirement_name: lost. It should be one of [named]");
        }
    }

    @Test
    void timesAndSubjectsAreLimited() {
        String provider =
                "subjects: { prefix: user- }, require_expiration: true, clock_skew_seconds: 5, max_lifetime: 600s, ";
        long now = Instant.now().getEpochSecond();
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, main(provider))) {
            String good = Tokens.claims(",\"exp\":" + (now + 300));
            assertThat(ask(gateway, "/", "authorization", bearer(TOKENS.token("RS256", good)))
                            .status())
                    .isEqualTo(200);
            refusal(gateway, Tokens.claims(""), "Jwt verification fails");
            refusal(gateway, Tokens.claims(",\"exp\":" + (now + 900)), "Jwt verification fails");
            refusal(gateway, good.replace("user-1", "other"), "Jwt verification fails");
            refusal(gateway, Tokens.claims(",\"exp\":" + (now - 30)), "Jwt is expired");
            refusal(gateway, good.replace("}", ",\"nbf\":" + (now + 60) + "}"), "Jwt not yet valid");
        }
    }

    private static void refusal(Subject.Running gateway, String claims, String text) {
        refused(ask(gateway, "/", "authorization", bearer(TOKENS.token("RS256", claims))), 401, text);
    }

    @Test
    void preflightsPassAndRefusalsAreSilentWhereTheFileSaysSo() {
        String settings = "providers: { main: { " + ISSUER + KEYS + " } }\nbypass_cors_preflight: true\n"
                + "strip_failure_response: true\nstat_prefix: own.\n" + ALWAYS;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter(settings))) {
            Answer preflight = Http1Browser.once(
                    gateway.port(),
                    "OPTIONS",
                    "/",
                    "origin",
                    "https://app.example",
                    "access-control-request-method",
                    "POST");
            assertThat(preflight.status()).isEqualTo(200);
            Answer silent = ask(gateway, "/");
            refused(silent, 401, "");
            assertThat(silent.header("www-authenticate")).isNull();
            assertThat(gateway.page("/stats"))
                    .contains(
                            "http.edge.jwt_authn.own.cors_preflight_bypassed: 1",
                            "http.edge.jwt_authn.own.denied: 1",
                            "http.edge.jwt_authn.own.allowed: 1");
        }
    }

    @Test
    void verifiedTokensAreKept() {
        String provider = "jwt_cache_config: { jwt_cache_size: 1, jwt_max_token_size: 2000 }, ";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, main(provider))) {
            String one = bearer(TOKENS.good());
            String other = bearer(TOKENS.token("ES256", Tokens.claims("")));
            String large = bearer(TOKENS.token("RS256", Tokens.claims(",\"x\":\"" + "y".repeat(3000) + "\"")));
            for (String token : new String[] {one, one, other, one, large, large, one}) {
                assertThat(ask(gateway, "/", "authorization", token).status()).isEqualTo(200);
            }
            assertThat(gateway.page("/stats"))
                    .contains("http.edge.jwt_authn.jwt_cache_hit: 2", "http.edge.jwt_authn.jwt_cache_miss: 5");
        }
    }

    @Test
    void aRouteMayBeChosenByAClaim() {
        String provider = "clear_route_cache: true, claim_to_headers: [ { header_name: x-sub, claim_name: sub } ], ";
        String routes = """
                - match: { prefix: /, headers: [ { name: x-sub, string_match: { exact: user-1 } } ] }
                  route: { cluster: backend, prefix_rewrite: /own/ }
                - match: { prefix: / }
                  route: { cluster: backend }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", main(provider))
                        .with("ROUTES", routes))) {
            ask(gateway, "/a", "authorization", bearer(TOKENS.good()));
            assertThat(backend.next().path()).isEqualTo("/own/a");
            String other = TOKENS.token("RS256", Tokens.claims("").replace("user-1", "user-2"));
            ask(gateway, "/a", "authorization", bearer(other));
            assertThat(backend.next().path()).isEqualTo("/a");
        }
    }
}
