package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter ext_authz with a service over gRPC. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ExtAuthzFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.";
    private static final String PATH = "/wire.Service/Call";
    private static final String CHECK = "/envoy.service.auth.v3.Authorization/Check";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final String SERVICE = "grpc_service: { envoy_grpc: { cluster_name: authz }, timeout: 5s }\n";
    private static final ProtoFields PASS = ProtoFields.of(3, ProtoFields.of());

    private static String filter(String fields) {
        return """
                - name: guard
                  typed_config:
                    "@type": %sExtAuthz
                    transport_api_version: V3
                    %s
                """.formatted(TYPE, fields.strip().replace("\n", "\n    "));
    }

    private static EnvoyFile file(ScriptedBackend backend, ScriptedBackend authz, String fields) {
        return new EnvoyFile(backend.port())
                .cluster("authz", authz.port(), "http2_protocol_options: {}")
                .with("BEHIND", filter(fields));
    }

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head("x-from", "backend").data(Frames.F3).trailers("grpc-status", "0");
        });
    }

    private static ScriptedBackend authz(ProtoFields answer) {
        return authz(call -> {
            call.awaitEnd();
            call.head().data(answer.frame()).trailers("grpc-status", "0");
        });
    }

    private static ScriptedBackend authz(Script script) {
        return new ScriptedBackend().on(CHECK, script);
    }

    private static ProtoFields option(String name, String value) {
        return ProtoFields.of(1, ProtoFields.of(1, name, 2, value));
    }

    private static ProtoFields appended(String name, String value) {
        return ProtoFields.of(1, ProtoFields.of(1, name, 2, value), 2, ProtoFields.of(1, true));
    }

    private static ProtoFields denied(int status, String body, ProtoFields... headers) {
        ProtoFields response = ProtoFields.of(1, ProtoFields.of(1, status), 3, body);
        for (ProtoFields header : headers) {
            response = new ProtoFields(response.fields().toBuilder()
                    .mergeFrom(ProtoFields.of(2, header).fields())
                    .build());
        }
        return ProtoFields.of(1, ProtoFields.of(1, 7), 2, response);
    }

    private static ProtoFields question(ScriptedBackend authz) {
        return ProtoFields.ofFrame(authz.next().awaitEnd()).at(1);
    }

    /** One gRPC-Web call over a version of HTTP. */
    private static Answer call(Subject.Running gateway, int version, String... fields) {
        try (Browser browser = Browser.connect(version, gateway.port())) {
            String[] all = new String[fields.length + 2];
            System.arraycopy(WEB, 0, all, 0, 2);
            System.arraycopy(fields, 0, all, 2, fields.length);
            return browser.post(PATH, Frames.F3, all);
        }
    }

    private static void assertPasses(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-from")).isEqualTo("backend");
        assertThat(answer.grpcStatus()).isEqualTo("0");
    }

    @Test
    void theServiceIsToldOfTheCall() {
        String fields = """
                grpc_service:
                  envoy_grpc: { cluster_name: authz, authority: authz.example }
                  timeout: 7s
                  initial_metadata: [ { key: x-edge, value: "%REQ(x-a)%" } ]
                disallowed_headers: { patterns: [ { exact: cookie } ] }
                """;
        for (int version = 1; version <= 2; version++) {
            try (ScriptedBackend backend = backend();
                    ScriptedBackend authz = authz(PASS);
                    Subject.Running gateway = subject.start(file(backend, authz, fields))) {
                assertPasses(call(gateway, version, "x-a", "1", "x-a", "2", "cookie", "k=v"));
                BackendCall asked = authz.next();
                assertThat(asked.header(":authority")).isEqualTo("authz.example");
                assertThat(asked.header("grpc-timeout")).isEqualTo("7000m");
                assertThat(asked.header("x-edge")).isEqualTo("1");
                ProtoFields told = ProtoFields.ofFrame(asked.awaitEnd()).at(1);
                assertThat(told.at(1, 1, 1).text(2)).isEqualTo("127.0.0.1");
                assertThat(told.at(2, 1, 1).whole(3)).isEqualTo(gateway.port());
                ProtoFields http = told.at(4, 2);
                assertThat(http.text(2)).isEqualTo("POST");
                assertThat(http.text(4)).isEqualTo(PATH);
                assertThat(http.text(5)).isEqualTo("gateway.test");
                assertThat(http.text(6)).isEqualTo("http");
                assertThat(http.text(10)).isEqualTo(version == 1 ? "HTTP/1.1" : "HTTP/2");
                assertThat(http.map(3))
                        .containsEntry(":path", PATH)
                        .containsEntry("content-type", "application/grpc")
                        .containsEntry("x-a", "1,2")
                        .doesNotContainKey("cookie");
                assertThat(told.at(4, 1).whole(1)).isPositive();
            }
        }
    }

    @Test
    void onlyAllowedFieldsAreShownAsAListOfBytes() {
        String fields = SERVICE + "encode_raw_headers: true\nallowed_headers: { patterns: [ { prefix: x-a } ] }";
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(PASS);
                Subject.Running gateway = subject.start(file(backend, authz, fields))) {
            assertPasses(call(gateway, 2, "x-a", "1", "x-a", "2", "x-b", "3"));
            ProtoFields http = question(authz).at(4, 2);
            assertThat(http.has(3)).isFalse();
            assertThat(http.at(13).all(1))
                    .extracting(one -> one.text(1) + "=" + one.text(3))
                    .containsExactly("x-a=1", "x-a=2");
        }
    }

    @Test
    void aPassChangesTheRequestAndTheResponse() {
        ProtoFields answer = ProtoFields.of(
                3,
                ProtoFields.of(
                        2, option("x-user", "ann"),
                        2, appended("x-list", "more"),
                        2, appended("x-none", "more"),
                        5, "authorization",
                        6, option("x-quota", "9"),
                        6, option("x-quota", "8")));
        for (int version = 1; version <= 2; version++) {
            try (ScriptedBackend backend = backend();
                    ScriptedBackend authz = authz(answer);
                    Subject.Running gateway = subject.start(file(backend, authz, SERVICE))) {
                Answer got = call(gateway, version, "x-user", "eve", "x-list", "one", "authorization", "Bearer abc");
                assertPasses(got);
                assertThat(got.header("x-quota")).isEqualTo("9,8");
                BackendCall seen = backend.next();
                assertThat(seen.header("x-user")).isEqualTo("ann");
                assertThat(seen.header("x-list")).isEqualTo("one,more");
                assertThat(seen.header("x-none")).isNull();
                assertThat(seen.header("authorization")).isNull();
            }
        }
    }

    @Test
    void aDenialIsTheResponse() {
        String fields = SERVICE + "max_denied_response_body_bytes: 6";
        ProtoFields answer = denied(401, "log in first", option("www-authenticate", "Bearer"), appended("x-no", "1"));
        for (int version = 1; version <= 2; version++) {
            try (ScriptedBackend backend = backend();
                    ScriptedBackend authz = authz(answer);
                    Subject.Running gateway = subject.start(file(backend, authz, fields))) {
                for (String form : new String[] {"application/grpc-web+proto", "application/grpc-web-text+proto"}) {
                    Answer got;
                    try (Browser browser = Browser.connect(version, gateway.port())) {
                        got = browser.post(PATH, new byte[0], "content-type", form);
                    }
                    assertThat(got.status()).isEqualTo(401);
                    assertThat(got.grpcStatus()).isEqualTo("16");
                    assertThat(got.header("grpc-message")).isEqualTo("log in");
                    assertThat(got.header("www-authenticate")).isEqualTo("Bearer");
                    assertThat(got.header("x-no")).isNull();
                }
                assertThat(backend.others()).isEmpty();
            }
        }
    }

    @Test
    void aNativeCallIsDeniedInItsForm() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(denied(403, "not you"));
                Subject.Running gateway = subject.start(file(backend, authz, SERVICE));
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer got = browser.post(PATH, Frames.F3, "content-type", "application/grpc", "te", "trailers");
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.header("grpc-status")).isEqualTo("7");
            assertThat(got.header("grpc-message")).isEqualTo("not you");
        }
    }

    @Test
    void withoutAnAnswerTheCallIsRefusedOrPasses() {
        List<Script> answers = List.of(
                call -> call.trailersOnly("grpc-status", "14"),
                call -> call.reset(2),
                call -> call.head().data(Frames.hex("00 00000003 ffffff")).trailers("grpc-status", "0"),
                call -> call.head().trailers("grpc-status", "0"));
        for (Script answer : answers) {
            try (ScriptedBackend backend = backend();
                    ScriptedBackend authz = authz(answer);
                    Subject.Running refusing = subject.start(
                            file(backend, authz, SERVICE + "status_on_error: { code: ServiceUnavailable }"));
                    Subject.Running passing = subject.start(file(
                            backend,
                            authz,
                            SERVICE + "failure_mode_allow: true\nfailure_mode_allow_header_add: true"))) {
                assertThat(call(refusing, 2).status()).isEqualTo(503);
                assertThat(backend.others()).isEmpty();
                assertPasses(call(passing, 2));
                assertThat(backend.next().header("x-envoy-auth-failure-mode-allowed"))
                        .isEqualTo("true");
            }
        }
    }

    @Test
    void aServiceThatHangsIsGivenUp() {
        String fields = SERVICE.replace("5s", "0.05s");
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(BackendCall::awaitReset);
                Subject.Running gateway = subject.start(file(backend, authz, fields))) {
            assertThat(call(gateway, 1).status()).isEqualTo(403);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void aCancelReachesTheService() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(call -> {});
                Subject.Running gateway = subject.start(file(backend, authz, SERVICE));
                Browser browser = Browser.connect(2, gateway.port())) {
            BrowserCall call = browser.call(PATH, WEB);
            BackendCall asked = authz.next();
            call.cancel();
            assertThat(asked.awaitReset()).isGreaterThanOrEqualTo(0);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void theBodyIsShown() {
        String whole = SERVICE + "with_request_body: { max_request_bytes: 16 }";
        String part = SERVICE
                + "with_request_body: { max_request_bytes: 6, allow_partial_message: true, pack_as_bytes: true }";
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(PASS);
                Subject.Running all = subject.start(file(backend, authz, whole));
                Subject.Running some = subject.start(file(backend, authz, part))) {
            assertPasses(call(all, 1));
            ProtoFields http = question(authz).at(4, 2);
            assertThat(http.text(11)).isEqualTo("\0\0\0\0\3\n\1a");
            assertThat(http.whole(9)).isEqualTo(8);
            assertThat(http.map(3)).containsEntry("x-envoy-auth-partial-body", "false");
            assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);

            assertPasses(call(some, 2));
            http = question(authz).at(4, 2);
            assertThat(http.text(12)).isEqualTo("\0\0\0\0\3\n");
            assertThat(http.map(3)).containsEntry("x-envoy-auth-partial-body", "true");
            assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);

            try (Browser browser = Browser.connect(1, all.port())) {
                BrowserCall call = browser.call(PATH, WEB);
                call.send(Frames.F3);
                call.send(Frames.F3);
                call.send(Frames.F3);
                assertThat(call.status()).isEqualTo(413);
            }
            assertThat(authz.others()).isEmpty();
        }
    }

    @Test
    void placesHaveSettingsOfTheirOwn() {
        String host = "typed_per_filter_config: { guard: { \"@type\": " + TYPE
                + "ExtAuthzPerRoute, check_settings: { context_extensions: { place: host, who: host } } } }";
        String route = """
                - match: { prefix: /, headers: [ { name: x-route, string_match: { exact: "%s" } } ] }
                  route: { cluster: backend }
                  typed_per_filter_config: { guard: { "@type": %sExtAuthzPerRoute, %s } }
                """;
        String routes = route.formatted("off", TYPE, "disabled: true")
                + route.formatted("facts", TYPE, "check_settings: { context_extensions: { place: route, b: c } }")
                + route.formatted("bare", TYPE, "check_settings: { disable_request_body_buffering: true }")
                + route.formatted("body", TYPE, "check_settings: { with_request_body: { max_request_bytes: 9 } }")
                + route.formatted(
                        "other",
                        TYPE,
                        "check_settings: { grpc_service: { envoy_grpc: { cluster_name: other }, timeout: 5s } }");
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(PASS);
                ScriptedBackend other = authz(PASS);
                Subject.Running gateway =
                        subject.start(file(backend, authz, SERVICE + "with_request_body: { max_request_bytes: 90 }")
                                .cluster("other", other.port(), "http2_protocol_options: {}")
                                .with("HOST", host)
                                .with("ROUTES", routes))) {
            assertPasses(call(gateway, 2, "x-route", "off"));
            assertThat(authz.others()).isEmpty();

            assertPasses(call(gateway, 2, "x-route", "facts"));
            ProtoFields told = question(authz);
            assertThat(told.map(10))
                    .containsEntry("place", "route")
                    .containsEntry("who", "host")
                    .containsEntry("b", "c");
            assertThat(told.at(4, 2).text(11)).isNotEmpty();

            assertPasses(call(gateway, 2, "x-route", "bare"));
            assertThat(question(authz).at(4, 2).text(11)).isEmpty();

            assertPasses(call(gateway, 2, "x-route", "body"));
            assertThat(question(authz).at(4, 2).text(11)).isNotEmpty();

            assertPasses(call(gateway, 2, "x-route", "other"));
            assertThat(question(other).map(10)).containsEntry("place", "host");
            assertThat(authz.others()).isEmpty();
        }
    }

    @Test
    void anAnswerMayChooseAnotherRoute() {
        String routes = """
                - match: { prefix: /, headers: [ { name: x-tier, present_match: true } ] }
                  route: { cluster: backend }
                  request_headers_to_add: [ { header: { key: x-route, value: tier } } ]
                - match: { prefix: / }
                  route: { cluster: backend }
                """;
        ProtoFields answer = ProtoFields.of(3, ProtoFields.of(2, option("x-tier", "gold")));
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(answer);
                Subject.Running anew = subject.start(file(backend, authz, SERVICE + "clear_route_cache: true")
                        .with("ROUTES", routes));
                Subject.Running only = subject.start(file(
                                backend,
                                authz,
                                SERVICE + "clear_route_cache: true\nclear_route_cache_headers: [ x-other ]")
                        .with("ROUTES", routes))) {
            assertPasses(call(anew, 2));
            assertThat(backend.next().header("x-route")).isEqualTo("tier");
            assertPasses(call(only, 2));
            BackendCall seen = backend.next();
            assertThat(seen.header("x-tier")).isEqualTo("gold");
            assertThat(seen.header("x-route")).isNull();
        }
    }

    @Test
    void whatAServiceMayNotChangeStays() {
        ProtoFields answer = ProtoFields.of(
                3,
                ProtoFields.of(
                        2, option("host", "other.example"),
                        2, option("x-envoy-a", "1"),
                        2, option("x-never", "1"),
                        2, option("x-free", "1")));
        String rules = SERVICE + "decoder_header_mutation_rules: %s";
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(answer);
                Subject.Running careful = subject.start(file(
                        backend,
                        authz,
                        rules.formatted("{ allow_all_routing: false, allow_envoy: false, disallow_system: true,"
                                + " disallow_expression: { regex: x-never } }")));
                Subject.Running closed = subject.start(file(
                        backend,
                        authz,
                        rules.formatted("{ disallow_all: true, allow_expression: { regex: x-f.* } }")));
                Subject.Running strict =
                        subject.start(file(backend, authz, rules.formatted("{ disallow_is_error: true }")))) {
            assertPasses(call(careful, 2));
            BackendCall seen = backend.next();
            assertThat(seen.header(":authority")).isEqualTo("gateway.test");
            assertThat(seen.header("x-envoy-a")).isNull();
            assertThat(seen.header("x-never")).isNull();
            assertThat(seen.header("x-free")).isEqualTo("1");

            assertPasses(call(closed, 2));
            seen = backend.next();
            assertThat(seen.header("x-never")).isNull();
            assertThat(seen.header("x-free")).isEqualTo("1");

            assertThat(call(strict, 2).status()).isEqualTo(500);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void anAnswerWithAnInvalidFieldIsAnError() {
        ProtoFields answer = ProtoFields.of(3, ProtoFields.of(2, option("x-user", "a\r\nx-evil: 1")));
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(answer);
                Subject.Running strict = subject.start(file(backend, authz, SERVICE + "validate_mutations: true"))) {
            assertThat(call(strict, 2).status()).isEqualTo(500);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void someCallsAreNotAskedAbout() {
        String none = SERVICE + "filter_enabled: { default_value: { numerator: 0 } }\n";
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(denied(403, "no"));
                Subject.Running passing = subject.start(file(backend, authz, none));
                Subject.Running denying = subject.start(
                        file(backend, authz, none + "deny_at_disable: { default_value: true, runtime_key: deny }"))) {
            assertPasses(call(passing, 2));
            assertThat(call(denying, 2).status()).isEqualTo(403);
            assertThat(authz.others()).isEmpty();
        }
    }

    @Test
    void metadataSaysWhichCallsAreAskedAbout() {
        String marked = SERVICE + "filter_enabled_metadata: { filter: own, path: [ { key: mark } ], "
                + "value: { string_match: { exact: \"on\" } } }";
        String marks = """
                - name: marks
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.header_to_metadata.v3.Config
                    request_rules: [ { header: x-mark, on_header_present: { metadata_namespace: own, key: mark } } ]
                """;
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(denied(403, "no"));
                Subject.Running gateway =
                        subject.start(file(backend, authz, marked).with("FILTERS", marks))) {
            assertPasses(call(gateway, 2));
            assertPasses(call(gateway, 2, "x-mark", "off"));
            assertThat(call(gateway, 2, "x-mark", "on").status()).isEqualTo(403);
        }
    }

    @Test
    void aRefusalOfAServiceHasNothingBehindItsHeadWhereOnlyTheHeadWasAskedFor() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(denied(403, "no"));
                Subject.Running gateway = subject.start(file(backend, authz, SERVICE));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Answer answer = new Http2Browser.Call(browser.peer().open(Http2Browser.head("/a", ":method", "HEAD"), true))
                    .answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("content-length")).isEqualTo("2");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void inShadowADenialIsCountedOnly() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(denied(403, "no"));
                Subject.Running gateway = subject.start(file(backend, authz, SERVICE + "shadow_mode: true"))) {
            assertPasses(call(gateway, 2));
            assertThat(gateway.page("/stats"))
                    .contains("http.edge.ext_authz.denied: 1", "http.edge.ext_authz.shadow_denied: 1");
        }
    }

    @Test
    void decisionsAreCountedAtTheListenerAndAtTheCluster() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(denied(403, "no"));
                Subject.Running both = subject.start(file(backend, authz, SERVICE + "stat_prefix: one"));
                Subject.Running alone =
                        subject.start(file(backend, authz, SERVICE + "charge_cluster_response_stats: false"))) {
            assertThat(call(both, 2).status()).isEqualTo(403);
            assertThat(both.page("/stats"))
                    .contains("http.edge.ext_authz.one.denied: 1", "cluster.backend.ext_authz.one.denied: 1");
            assertThat(both.stats(Pattern.compile("upstream_rq_403"))).containsEntry("upstream_rq_403", "1");
            assertThat(call(alone, 2).status()).isEqualTo(403);
            assertThat(alone.stats(Pattern.compile("upstream_rq_403"))).doesNotContainValue("1");
        }
    }

    @Test
    void metadataGoesBothWays() {
        String log = "%DYNAMIC_METADATA(guard:tier)%";
        String fields = SERVICE + "metadata_context_namespaces: [ none ]\nenable_dynamic_metadata_ingestion: %s";
        ProtoFields tier = ProtoFields.of(1, ProtoFields.of(1, "tier", 2, ProtoFields.of(3, "gold")));
        ProtoFields answer = ProtoFields.of(3, ProtoFields.of(), 4, tier);
        String header = "response_headers_to_add: [ { header: { key: x-tier, value: \"" + log + "\" } } ]";
        try (ScriptedBackend backend = backend();
                ScriptedBackend authz = authz(answer);
                Subject.Running kept = subject.start(
                        file(backend, authz, fields.formatted("true")).with("HOST", header));
                Subject.Running lost = subject.start(
                        file(backend, authz, fields.formatted("false")).with("HOST", header))) {
            assertThat(call(kept, 2).header("x-tier")).isEqualTo("gold");
            assertThat(question(authz).at(11).has(1)).isFalse();
            assertThat(call(lost, 2).header("x-tier")).isIn("-", null);
        }
    }

    @Test
    void theQueryIsChanged() {
        ProtoFields answer = ProtoFields.of(
                3, ProtoFields.of(7, ProtoFields.of(1, "a", 2, "2"), 7, ProtoFields.of(1, "n", 2, "3"), 8, "b"));
        try (ScriptedBackend backend = new ScriptedBackend();
                ScriptedBackend authz = authz(answer);
                Subject.Running gateway = subject.start(file(backend, authz, SERVICE));
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH + "?a=1&b=1&c=1", Frames.F3, WEB);
            assertThat(question(authz).at(4, 2).text(4)).isEqualTo(PATH + "?a=1&b=1&c=1");
            assertThat(backend.next().path()).isEqualTo(PATH + "?a=2&c=1&n=3");
        }
    }
}
