package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of active health checks, as backends see them. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record HealthCheckFieldsTest(Subject subject) {
    private static final String OFTEN =
            "timeout: 5s, interval: 0.05s, no_traffic_interval: 0.05s, unhealthy_interval: 0.05s";
    private static final String UNHEALTHY = "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n";

    private static String check(String fields) {
        return "health_checks: [ { " + fields + " } ]";
    }

    private Subject.Running start(int port, String... pieces) {
        EnvoyFile file = new EnvoyFile(port).http1();
        for (String piece : pieces) {
            file.with("CLUSTER", piece);
        }
        return subject.start(file);
    }

    private static void awaitHealthy(Subject.Running gateway, int hosts) {
        await().until(() -> gateway.page("/stats?filter=membership_healthy")
                .contains("cluster.backend.membership_healthy: " + hosts + "\n"));
    }

    @Test
    void aCheckIsTheRequestOfTheFile() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend.port(),
                        check(OFTEN
                                + ", unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: { host: health.test,"
                                + " path: /healthz, request_headers_to_add: [ { header: { key: x-check, value: \"yes\" } } ],"
                                + " request_headers_to_remove: [ user-agent ] }"))) {
            Http1Backend.Request seen = backend.next();
            assertThat(seen.line()).isEqualTo("GET /healthz HTTP/1.1");
            assertThat(seen.field("host")).isEqualTo("health.test");
            assertThat(seen.field("x-check")).isEqualTo("yes");
            assertThat(seen.field("user-agent")).isNull();
            awaitHealthy(gateway, 1);
        }
    }

    @Test
    void theStatusesOfTheFileAreHealthy() {
        for (int status : new int[] {200, 204}) {
            try (Http1Backend backend =
                            new Http1Backend(request -> "HTTP/1.1 " + status + " A\r\ncontent-length: 0\r\n\r\n");
                    Subject.Running gateway = start(
                            backend.port(),
                            check(OFTEN
                                    + ", unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: { path: /,"
                                    + " expected_statuses: [ { start: 204, end: 205 } ] }"))) {
                awaitHealthy(gateway, status == 204 ? 1 : 0);
            }
        }
    }

    private static String healthz(String fields) {
        return check(OFTEN + ", unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: { path: /healthz, "
                + fields + " }");
    }

    @Test
    void aCheckHasTheMethodOfTheFile() {
        for (String method : new String[] {"POST", "HEAD", "OPTIONS"}) {
            try (Http1Backend backend = new Http1Backend(request -> "HTTP/1.1 200 A\r\ncontent-length: 0\r\n\r\n");
                    Subject.Running gateway = start(backend.port(), healthz("method: " + method))) {
                assertThat(backend.next().line()).isEqualTo(method + " /healthz HTTP/1.1");
                awaitHealthy(gateway, 1);
            }
        }
    }

    @Test
    void theBodyOfTheFileIsSentAndOnesOfTheFileAreHealthy() {
        // "up", then "ok".
        String fields = "method: POST, send: { text: '6869' }, receive: [ { text: '7570' }, { text: 6f6b } ]";
        for (String body : new String[] {"upxok", "okxup"}) {
            try (Http1Backend backend =
                            new Http1Backend(request -> "HTTP/1.1 200 A\r\ncontent-length: 5\r\n\r\n" + body);
                    Subject.Running gateway = start(backend.port(), healthz(fields))) {
                assertThat(backend.next().body()).isEqualTo("hi");
                awaitHealthy(gateway, body.startsWith("up") ? 1 : 0);
            }
        }
    }

    @Test
    void soMuchOfABodyIsLookedAt() {
        for (String bytes : new String[] {"0", "3", "4"}) {
            try (Http1Backend backend =
                            new Http1Backend(request -> "HTTP/1.1 200 A\r\ncontent-length: 5\r\n\r\nxxupx");
                    Subject.Running gateway = start(
                            backend.port(),
                            healthz("response_buffer_size: " + bytes + ", receive: [ { text: '7570' } ]"))) {
                backend.next();
                awaitHealthy(gateway, bytes.equals("3") ? 0 : 1);
            }
        }
    }

    @Test
    void theClusterThatAnswersIsTheOneOfTheFile() {
        for (String name : new String[] {"shop", "other", ""}) {
            String field = name.isEmpty() ? "" : "x-envoy-upstream-healthchecked-cluster: " + name + "\r\n";
            try (Http1Backend backend =
                            new Http1Backend(request -> "HTTP/1.1 200 A\r\n" + field + "content-length: 0\r\n\r\n");
                    Subject.Running gateway = start(backend.port(), healthz("service_name_matcher: { prefix: sho }"))) {
                backend.next();
                awaitHealthy(gateway, name.equals("shop") ? 1 : 0);
            }
        }
    }

    @Test
    void anEndpointMayGoWithoutChecks() {
        try (Http1Backend checked = new Http1Backend(request -> UNHEALTHY);
                Http1Backend unchecked = new Http1Backend(request -> UNHEALTHY);
                Subject.Running gateway = subject.start(new EnvoyFile(checked.port())
                        .http1()
                        .with("CLUSTER", healthz("expected_statuses: [ { start: 200, end: 300 } ]"))
                        .with("ENDPOINTS", """
                                - endpoint:
                                    address: { socket_address: { address: 127.0.0.1, port_value: %d } }
                                    health_check_config: { disable_active_health_check: true }
                                """.formatted(unchecked.port())))) {
            for (int i = 0; i < 5; i++) {
                checked.next();
            }
            awaitHealthy(gateway, 1);
            assertThat(unchecked.connections()).isEmpty();
        }
    }

    @Test
    void soManyChecksInARowDecide() {
        AtomicInteger asked = new AtomicInteger();
        Set<Integer> silent = Set.of(3, 4, 7, 8, 9);
        try (Http1Backend backend =
                        new Http1Backend(request -> silent.contains(asked.incrementAndGet()) ? "" : Http1Backend.OK);
                Subject.Running gateway = start(
                        backend.port(),
                        check("timeout: 1s, interval: 0.02s, no_traffic_interval: 0.02s, unhealthy_threshold: 3,"
                                + " healthy_threshold: 20, reuse_connection: false, http_health_check: { path: / }"))) {
            awaitHealthy(gateway, 0);
            assertThat(asked.get()).isGreaterThanOrEqualTo(9);
            awaitHealthy(gateway, 1);
            assertThat(asked.get()).isGreaterThanOrEqualTo(29);
            assertThat(backend.connections()).hasSizeGreaterThanOrEqualTo(29);
        }
    }

    @Test
    void checksShareAConnectionUnlessTheFileSaysOtherwise() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend.port(),
                        check(
                                OFTEN
                                        + ", unhealthy_threshold: 1, healthy_threshold: 1, reuse_connection: true, http_health_check: { path: / }"))) {
            awaitHealthy(gateway, 1);
            for (int i = 0; i < 5; i++) {
                assertThat(backend.next().connection()).isZero();
            }
        }
    }

    /** Waits until a backend is checked often, while a request has gone there and all but one interval are long. */
    private void isCheckedOften(Function<Integer, String> answers, String intervals) {
        isCheckedOften(answers, "timeout: 30s, " + intervals, 12);
    }

    private void isCheckedOften(Function<Integer, String> answers, String times, int often) {
        AtomicInteger checks = new AtomicInteger();
        try (Http1Backend backend = new Http1Backend(request ->
                        request.path().equals("/check") ? answers.apply(checks.incrementAndGet()) : Http1Backend.OK);
                Subject.Running gateway = start(
                        backend.port(),
                        check("no_traffic_interval: 0.3s, " + times + ", http_health_check: { path: /check }"))) {
            Http1Browser.once(gateway.port(), "GET", "/");
            await().until(() -> checks.get() >= often);
        }
    }

    @Test
    void theIntervalIsTheOneOfTheStateOfTheEndpoint() {
        Function<Integer, String> bad = number -> UNHEALTHY;
        String one = ", unhealthy_threshold: 1, healthy_threshold: 1";
        isCheckedOften(number -> Http1Backend.OK, "interval: 0.02s, unhealthy_interval: 60s" + one);
        isCheckedOften(bad, "interval: 60s, unhealthy_interval: 0.02s" + one);
        // On the way up, and on the way down.
        isCheckedOften(
                number -> number == 1 ? UNHEALTHY : Http1Backend.OK,
                "interval: 60s, unhealthy_interval: 60s, healthy_edge_interval: 0.02s, unhealthy_threshold: 1,"
                        + " healthy_threshold: 20");
        isCheckedOften(
                number -> number == 1 ? Http1Backend.OK : "",
                "timeout: 1s, interval: 60s, unhealthy_interval: 60s, unhealthy_edge_interval: 0.02s, unhealthy_threshold: 20,"
                        + " healthy_threshold: 1",
                5);
    }

    @Test
    void aClusterThatIsNotUsedHasAnIntervalOfItsOwn() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend.port(),
                        check("timeout: 5s, interval: 60s, no_traffic_interval: 0.02s, unhealthy_threshold: 1,"
                                + " healthy_threshold: 1, http_health_check: { path: / }"))) {
            for (int i = 0; i < 5; i++) {
                backend.next();
            }
            awaitHealthy(gateway, 1);
        }
    }

    @Test
    void jitterDelaysAChecksBeginningAndItsInterval() {
        isCheckedOften(
                number -> Http1Backend.OK,
                "initial_jitter: 0.05s, interval: 0.02s, interval_jitter: 0.02s, interval_jitter_percent: 50,"
                        + " unhealthy_threshold: 1, healthy_threshold: 1");
    }

    @Test
    void aCheckThatIsNotAnsweredInTimeFails() {
        try (Http1Backend backend = new Http1Backend(request -> "");
                Subject.Running gateway = start(
                        backend.port(),
                        check(
                                "timeout: 0.1s, interval: 60s, unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: { path: / }"))) {
            awaitHealthy(gateway, 0);
        }
    }

    @Test
    void checksGoToThePortOfTheEndpoint() {
        String check = check(OFTEN + ", unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: { path: / }");
        try (Http1Backend backend = new Http1Backend();
                Http1Backend health = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", check)
                        .text()
                        .replace(
                                "- endpoint: { ",
                                "- endpoint: { health_check_config: { port_value: " + health.port() + " }, "))) {
            health.next();
            awaitHealthy(gateway, 1);
            assertThat(backend.wasAsked()).isFalse();
        }
    }

    @Test
    void checksSpeakHttp2WhereTheFileSaysSo() {
        try (ScriptedBackend backend = new ScriptedBackend()
                        .on("/check", seen -> seen.trailersOnly(":status", "200", "content-type", "text/plain"));
                Subject.Running gateway = start(
                        backend.port(),
                        check(
                                OFTEN
                                        + ", unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: { path: /check, codec_client_type: HTTP2 }"))) {
            assertThat(backend.next().header(":method")).isEqualTo("GET");
            awaitHealthy(gateway, 1);
        }
    }

    @Test
    void theGrpcHealthServiceIsAskedAsTheFileSays() {
        try (ScriptedBackend backend = new ScriptedBackend().on("/grpc.health.v1.Health/Check", seen -> {
                    seen.awaitEnd();
                    // SERVING
                    seen.head().data(new byte[] {0, 0, 0, 0, 2, 8, 1}).trailers("grpc-status", "0");
                });
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port())
                                .with(
                                        "CLUSTER",
                                        check(
                                                OFTEN
                                                        + ", unhealthy_threshold: 1, healthy_threshold: 1, grpc_health_check: { service_name: s,"
                                                        + " authority: health.test, initial_metadata: [ { header: { key: x-check, value: \"yes\" } } ] }")))) {
            BackendCall seen = backend.next();
            assertThat(seen.header(":authority")).isEqualTo("health.test");
            assertThat(seen.header("x-check")).isEqualTo("yes");
            assertThat(seen.awaitEnd()).isEqualTo(new byte[] {0, 0, 0, 0, 3, 10, 1, 's'});
            awaitHealthy(gateway, 1);
        }
    }

    @Test
    void bytesAreSentAndExpectedAsTheFileSays() throws Exception {
        for (String answer : new String[] {"cafe", "f00d"}) {
            CompletableFuture<String> seen = new CompletableFuture<>();
            try (ServerSocket server = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
                Thread backend = new Thread(() -> answer(server, answer, seen), "wire-bytes");
                backend.setDaemon(true);
                backend.start();
                try (Subject.Running gateway = start(
                        server.getLocalPort(),
                        check(
                                "timeout: 3s, interval: 60s, unhealthy_threshold: 1, healthy_threshold: 1,"
                                        + " tcp_health_check: { send: { text: \"0aff\" }, receive: [ { binary: \"yv4=\" } ] }"))) {
                    assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("0aff");
                    awaitHealthy(gateway, answer.equals("cafe") ? 1 : 0);
                }
            }
        }
    }

    private static void answer(ServerSocket server, String answer, CompletableFuture<String> seen) {
        try (Socket socket = server.accept()) {
            seen.complete(HexFormat.of().formatHex(socket.getInputStream().readNBytes(2)));
            socket.getOutputStream().write(HexFormat.of().parseHex(answer));
            socket.getOutputStream().flush();
            socket.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
