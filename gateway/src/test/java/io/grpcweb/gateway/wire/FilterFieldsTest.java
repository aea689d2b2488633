package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of HTTP filters. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record FilterFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String HEALTH = """
            - name: health
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck
                pass_through_mode: %s
                headers: [ { name: ":path", string_match: { exact: /healthz } } ]
            """;
    private static final String LIMIT = """
            - name: limit
              disabled: %s
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                stat_prefix: limit
                %s
                token_bucket: { max_tokens: 1, tokens_per_fill: 1, fill_interval: 600s }
                filter_enabled: { default_value: { numerator: 100 } }
                filter_enforced: { default_value: { numerator: 100 } }
            """;
    private static final String STATS = """
            - name: stats
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig
                %s
            """;

    private static String limit(String fields) {
        return LIMIT.formatted(false, fields.strip().replace("\n", "\n    "));
    }

    @Test
    void aHealthCheckIsAnsweredWithTheNameOfTheNode() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start("node: { id: a, cluster: edges }\n"
                        + new EnvoyFile(backend.port())
                                .http1()
                                .with("FILTERS", HEALTH.formatted(false))
                                .text())) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/healthz");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("x-envoy-upstream-healthchecked-cluster")).isEqualTo("edges");
            assertThat(backend.wasAsked()).isFalse();
            assertThat(Http1Browser.once(gateway.port(), "GET", "/other")
                            .header("x-envoy-upstream-healthchecked-cluster"))
                    .isNull();
        }
    }

    @Test
    void aHealthCheckFollowsTheEndpointsOfClustersWhereTheFileSaysSo() {
        for (String cluster : new String[] {"backend", "nobody"}) {
            String least = "    cluster_min_healthy_percentages: { " + cluster + ": { value: 100 } }\n";
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(
                            new EnvoyFile(backend.port()).http1().with("FILTERS", HEALTH.formatted(false) + least))) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/healthz").status())
                        .as(cluster)
                        .isEqualTo(cluster.equals("backend") ? 200 : 503);
            }
        }
    }

    @Test
    void aHealthCheckMayReachTheBackend() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start("node: { id: a, cluster: edges }\n"
                        + new EnvoyFile(backend.port())
                                .http1()
                                .with("FILTERS", HEALTH.formatted(true))
                                .text())) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/healthz");
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.header("x-envoy-upstream-healthchecked-cluster")).isEqualTo("edges");
        }
    }

    @Test
    void whileTheGatewayIsNotWellItsAnswersSaySo() throws Exception {
        for (boolean passThrough : new boolean[] {false, true}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(
                            new EnvoyFile(backend.port()).http1().with("FILTERS", HEALTH.formatted(passThrough)))) {
                gateway.fail();
                assertThat(Http1Browser.once(gateway.port(), "GET", "/healthz").status())
                        .isEqualTo(503);
                Answer other = Http1Browser.once(gateway.port(), "GET", "/other");
                assertThat(other.status()).isEqualTo(200);
                assertThat(other.header("x-envoy-immediate-health-check-fail")).isEqualTo("true");
            }
        }
    }

    @Test
    void aFilterThatIsDisabledRunsOnlyWhereARouteTurnsItOn() {
        String on = """
                - match: { prefix: /on }
                  route: { cluster: backend }
                  typed_per_filter_config:
                    limit: { "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, config: {} }
                - match: { prefix: /off }
                  route: { cluster: backend }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", LIMIT.formatted(true, ""))
                        .with("ROUTES", on))) {
            for (int i = 0; i < 3; i++) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/off").status())
                        .isEqualTo(200);
                assertThat(Http1Browser.once(gateway.port(), "GET", "/none").status())
                        .isEqualTo(404);
            }
            assertThat(Http1Browser.once(gateway.port(), "GET", "/on").status()).isEqualTo(200);
            assertThat(Http1Browser.once(gateway.port(), "GET", "/on").status()).isEqualTo(429);
        }
    }

    @Test
    void theMostSpecificPlaceSaysWhetherAFilterIsOn() {
        String host = """
                typed_per_filter_config:
                  limit: { "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true }
                """;
        String on = """
                - match: { prefix: /on }
                  route: { cluster: backend }
                  typed_per_filter_config:
                    limit: { "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, config: {} }
                - match: { prefix: / }
                  route: { cluster: backend }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", limit(""))
                        .with("HOST", host)
                        .with("ROUTES", on))) {
            for (int i = 0; i < 3; i++) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/off").status())
                        .isEqualTo(200);
            }
            assertThat(Http1Browser.once(gateway.port(), "GET", "/on").status()).isEqualTo(200);
            assertThat(Http1Browser.once(gateway.port(), "GET", "/on").status()).isEqualTo(429);
        }
    }

    @Test
    void aRequestOverTheLimitIsRefusedAsTheFileSays() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("FILTERS", limit("""
                                status: { code: ServiceUnavailable }
                                response_headers_to_add: [ { header: { key: x-limited, value: "yes" } } ]
                                rate_limited_as_resource_exhausted: true""")))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            Answer refused = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text()).isEqualTo("local_rate_limited");
            assertThat(refused.header("x-limited")).isEqualTo("yes");
            try (Browser browser = Browser.connect(2, gateway.port())) {
                assertThat(browser.post(PATH, Frames.F3, "content-type", "application/grpc", "te", "trailers")
                                .header("grpc-status"))
                        .isEqualTo("8");
            }
        }
    }

    @Test
    void aLimitThatIsNotEnforcedLetsPass() {
        String file = new EnvoyFile(1).with("FILTERS", limit("")).text();
        for (String share : new String[] {"filter_enabled", "filter_enforced"}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with(
                                    "FILTERS",
                                    limit("")
                                            .replace(
                                                    share + ": { default_value: { numerator: 100 } }",
                                                    share + ": { default_value: { numerator: 0 } }")))) {
                assertThat(file).contains(share);
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                        .isEqualTo(200);
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                        .isEqualTo(200);
            }
        }
    }

    private static void twoMessages(BackendCall seen) {
        seen.awaitEnd();
        seen.head().data(Frames.F3, Frames.F3).trailers("grpc-status", "0");
    }

    private String stats(String fields, String... form) throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, FilterFieldsTest::twoMessages);
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).with("FILTERS", STATS.formatted(fields)));
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, Frames.concat(Frames.F3, Frames.F3, Frames.F3), form);
            await().until(() -> gateway.page("/stats").contains("cluster.backend.grpc."));
            return gateway.page("/stats");
        }
    }

    @Test
    void callsAndMessagesOfNamedMethodsAreCounted() throws Exception {
        String named =
                "individual_method_stats_allowlist: { services: [ { name: wire.Service, method_names: [ Call ] } ] }";
        assertThat(stats(named, "content-type", "application/grpc", "te", "trailers"))
                .contains(
                        "cluster.backend.grpc.wire.Service.Call.0: 1\n",
                        "cluster.backend.grpc.wire.Service.Call.success: 1\n",
                        "cluster.backend.grpc.wire.Service.Call.total: 1\n",
                        "cluster.backend.grpc.wire.Service.Call.request_message_count: 3\n",
                        "cluster.backend.grpc.wire.Service.Call.response_message_count: 2\n");
        assertThat(stats("stats_for_all_methods: true", "content-type", "application/grpc", "te", "trailers"))
                .contains("cluster.backend.grpc.wire.Service.Call.response_message_count: 2\n");
        assertThat(stats("stats_for_all_methods: false", "content-type", "application/grpc", "te", "trailers"))
                .contains("cluster.backend.grpc.0: 1\n", "cluster.backend.grpc.request_message_count: 3\n");
    }

    @Test
    void aFilterAboveGrpcWebCountsNativeCallsAlone(@TempDir Path dir) throws Exception {
        Path log = dir.resolve("log");
        String fields = "stats_for_all_methods: true\n    emit_filter_state: true";
        String operators =
                "%FILTER_STATE(envoy.filters.http.grpc_stats)% %FILTER_STATE(envoy.filters.http.grpc_stats:PLAIN)%";
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, FilterFieldsTest::twoMessages);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("FILTERS", STATS.formatted(fields))
                        .with("MANAGER", "access_log:\n" + EnvoyFile.fileLog(log, operators)));
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            browser.post(PATH, Frames.F3, "content-type", "application/grpc", "te", "trailers");
            await().until(() -> gateway.page("/stats").contains("Call.total: 1\n"));
            assertThat(gateway.page("/stats").lines().filter(line -> line.startsWith("cluster.backend.grpc.")))
                    .allMatch(line -> line.startsWith("cluster.backend.grpc.wire.Service.Call."))
                    .contains("cluster.backend.grpc.wire.Service.Call.request_message_count: 1");
        }
        assertThat(Files.readString(log))
                .isEqualTo("- -\n{\"requestMessageCount\":\"1\",\"responseMessageCount\":\"2\"} 1,2\n");
    }

    @Test
    void aMethodThatTheBackendDoesNotKnowHasNoNumbersOfItsOwn() throws Exception {
        String[] form = {"content-type", "application/grpc", "te", "trailers"};
        String longest = "/wire.Service/" + "x".repeat(5000);
        String odd = "/wire.Service/a%0Ab";
        String refused = "/wire.Service/Refused";
        try (ScriptedBackend backend = new ScriptedBackend()
                        .on(PATH, FilterFieldsTest::twoMessages)
                        .on(longest, FilterFieldsTest::twoMessages)
                        .on(odd, FilterFieldsTest::twoMessages)
                        .on(refused, seen -> {
                            seen.awaitEnd();
                            seen.head().trailers("grpc-status", "7");
                        });
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).with("FILTERS", STATS.formatted("stats_for_all_methods: true")));
                Browser browser = Browser.connect(2, gateway.port())) {
            for (int i = 0; i < 20; i++) {
                String madeUp = "/made.Up" + i + "/Method";
                backend.on(madeUp, seen -> {
                    seen.awaitEnd();
                    seen.head().trailers("grpc-status", "12");
                });
                browser.post(madeUp, Frames.concat(Frames.F3, Frames.F3), form);
            }
            browser.post(longest, Frames.F3, form);
            browser.post(odd, Frames.F3, form);
            browser.post(refused, Frames.F3, form);
            browser.post(PATH, Frames.F3, form);
            await().until(() -> gateway.page("/stats").contains("wire.Service.Call.request_message_count: 1\n"));
            assertThat(gateway.page("/stats"))
                    .contains(
                            "cluster.backend.grpc.12: 20\n",
                            "cluster.backend.grpc.request_message_count: 42\n",
                            "cluster.backend.grpc.wire.Service.Refused.7: 1\n",
                            "cluster.backend.grpc.wire.Service.Refused.request_message_count: 1\n",
                            "cluster.backend.grpc.wire.Service.Call.0: 1\n")
                    .doesNotContain("made.Up", "xxxx", "%0A");
        }
    }

    @Test
    void messagesOfACallThatIsGivenUpAreCounted() throws Exception {
        String[] form = {"content-type", "application/grpc", "te", "trailers"};
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.head().data(Frames.F3);
                    seen.awaitReset();
                });
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).with("FILTERS", STATS.formatted("stats_for_all_methods: true")));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, form);
            call.send(Frames.F3);
            call.body(Frames.F3.length);
            call.cancel();
            await().until(() -> gateway.page("/stats").contains("cluster.backend.grpc.response_message_count: 1\n"));
            assertThat(gateway.page("/stats")).contains("cluster.backend.grpc.request_message_count: 1\n");
        }
    }
}
