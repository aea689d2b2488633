package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Subject;
import io.grpcweb.gateway.testing.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which WebSockets carry calls, and for which pages. */
class WebSocketOriginTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String WEBSOCKETS = "upgrade_configs: [ { upgrade_type: websocket } ]";
    private static final String CORS = """
            - name: envoy.filters.http.cors
              typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors }
            """;
    private static final String POLICY = """
            typed_per_filter_config:
              envoy.filters.http.cors:
                "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
                allow_origin_string_match: [ { exact: "https://app.example" } ]
            """;

    private final ScriptedBackend backend =
            new ScriptedBackend(8, 1).on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));

    @AfterEach
    void stop() {
        backend.close();
    }

    private GatewayConfig own(String keys) {
        return Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = []\n" + keys
                + " }\nclusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]\n");
    }

    private static Answer ask(int port, String... more) {
        return Http1Browser.once(port, "GET", PATH, WebSocketClient.handshake(WebSocketClient.ONE_CALL, more));
    }

    private void assertCalls(int port, String... more) {
        try (WebSocketClient client = WebSocketClient.open(1, port, PATH, WebSocketClient.ONE_CALL, more)) {
            client.sendHead("content-type: application/grpc-web+proto");
            BackendCall seen = backend.next();
            assertThat(seen.header(":method")).isEqualTo("POST");
        }
    }

    @Test
    void theOwnFormatHasThemForTheOriginsOfItsPolicy() {
        try (RunningGateway gateway = RunningGateway.of(own("cors.origins = [\"https://app.example\"]"))) {
            assertCalls(gateway.port(), "origin", "https://app.example");
            assertCalls(gateway.port());
            Answer foreign = ask(gateway.port(), "origin", "https://evil.example");
            assertThat(foreign.status()).isEqualTo(403);
            assertThat(foreign.body()).isEmpty();
            assertThat(ask(gateway.port(), "cookie", "a=1").status()).isEqualTo(403);
            assertThat(gateway.stat("http.main.cors.origin_invalid")).isEqualTo(1);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void cookiesAreForPagesThatMayCallWithThem() {
        for (boolean credentials : new boolean[] {true, false}) {
            try (RunningGateway gateway = RunningGateway.of(
                    own("cors { origins = [\"https://app.example\"], allow-credentials = " + credentials + " }"))) {
                for (String page : new String[] {"https://app.example", "http://gateway.test"}) {
                    try (WebSocketClient client = WebSocketClient.open(
                            1,
                            gateway.port(),
                            PATH,
                            WebSocketClient.ONE_CALL,
                            "origin",
                            page,
                            "cookie",
                            "a=1",
                            "authorization",
                            "Basic YTpi")) {
                        client.sendHead("content-type: application/grpc-web+proto");
                        BackendCall seen = backend.next();
                        boolean sent = credentials || page.equals("http://gateway.test");
                        assertThat(seen.header("cookie")).isEqualTo(sent ? "a=1" : null);
                        assertThat(seen.header("authorization")).isNull();
                    }
                }
            }
        }
    }

    @Test
    void aProgramMaySayWhoItIsInTheHandshake() {
        try (RunningGateway gateway = RunningGateway.of(own("cors.origins = [\"https://app.example\"]"));
                WebSocketClient client = WebSocketClient.open(
                        1, gateway.port(), PATH, WebSocketClient.ONE_CALL, "authorization", "Bearer a")) {
            client.sendHead("content-type: application/grpc-web+proto");
            assertThat(backend.next().header("authorization")).isEqualTo("Bearer a");
        }
    }

    @Test
    void eachCallOnAWebSocketIsForItsOwnRouteToAllow() {
        try (RunningGateway gateway = RunningGateway.of(own("""
                        routes = [
                          { prefix = "/wire.Other/", cors.origins = ["https://other.example"] },
                          { prefix = "/wire.Closed/" },
                          { prefix = "/", cors.origins = ["https://app.example"] }
                        ]"""));
                WebSocketClient client = WebSocketClient.open(
                        1, gateway.port(), PATH, WebSocketClient.MULTIPLEXED, "origin", "https://app.example")) {
            String[] paths = {"wire.Other/Call", "wire.Closed/Call", "wire.Service/Call"};
            int[] statuses = {7, 7, 0};
            for (int call = 0; call < paths.length; call++) {
                client.send(
                        new byte[] {0, 0, 0, (byte) call},
                        WebSocketClient.head("grpc-websockets-path: " + paths[call]));
                client.message();
                assertThat(client.text()).contains("grpc-status:" + statuses[call] + "\r\n");
            }
            assertThat(backend.others()).hasSize(1);
        }
    }

    @Test
    void overHttp2AForeignPageIsRefusedAsWell() {
        try (RunningGateway gateway = RunningGateway.of(own("cors.origins = [\"https://app.example\"]"));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Answer answer = browser.call(
                            PATH,
                            ":method",
                            "CONNECT",
                            ":protocol",
                            "websocket",
                            "sec-websocket-version",
                            "13",
                            "sec-websocket-protocol",
                            "grpc-websockets",
                            "origin",
                            "https://evil.example")
                    .answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void withoutAPolicyThereAreNone() {
        try (RunningGateway gateway = RunningGateway.of(own(""))) {
            assertThat(ask(gateway.port(), "origin", "http://gateway.test").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void theyCanBeTurnedOff() {
        try (RunningGateway gateway =
                RunningGateway.of(own("cors.origins = [\"https://app.example\"], websocket.calls = off"))) {
            assertThat(ask(gateway.port(), "origin", "https://app.example").status())
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GATEWAY", "IMPORTED"})
    void envoysFilesHaveThemWhereTheUpgradeIsAllowed(Subject subject) {
        EnvoyFile file = new EnvoyFile(backend.port())
                .with("FILTERS", CORS)
                .with("HOST", POLICY)
                .with("ROUTES", """
                        - match: { prefix: "/wire." }
                          route: { cluster: backend, upgrade_configs: [ { upgrade_type: websocket } ] }
                        - match: { prefix: "/" }
                          route: { cluster: backend }
                        """);
        try (Subject.Running gateway = subject.start(file)) {
            assertCalls(gateway.port(), "origin", "https://app.example");
            assertThat(ask(gateway.port(), "origin", "https://evil.example").status())
                    .isEqualTo(403);
            Answer elsewhere = Http1Browser.once(
                    gateway.port(), "GET", "/other", WebSocketClient.handshake(WebSocketClient.ONE_CALL));
            assertThat(elsewhere.status()).isEqualTo(403);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void withoutAPolicyAPageOfTheSameHostMayCall() {
        try (Subject.Running gateway =
                Subject.GATEWAY.start(new EnvoyFile(backend.port()).with("MANAGER", WEBSOCKETS))) {
            assertCalls(gateway.port(), "origin", "https://gateway.test");
            assertThat(ask(gateway.port(), "origin", "https://app.example").status())
                    .isEqualTo(403);
            assertThat(ask(gateway.port(), "origin", "null").status()).isEqualTo(403);
        }
    }

    @Test
    void anyOtherWebSocketIsATunnel() {
        try (Subject.Running gateway =
                        Subject.GATEWAY.start(new EnvoyFile(backend.port()).with("MANAGER", WEBSOCKETS));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            Answer answer = browser.ask("GET", PATH, WebSocketClient.handshake("chat"));
            BackendCall seen = backend.next();
            assertThat(seen.header(":method")).isEqualTo("CONNECT");
            assertThat(seen.header("sec-websocket-protocol")).isEqualTo("chat");
            assertThat(answer.header("sec-websocket-accept")).isNull();
        }
    }

    @Test
    void aHandshakeThatIsNoneIsRefused() {
        try (RunningGateway gateway = RunningGateway.of(own("cors.origins = [\"https://app.example\"]"))) {
            Answer old = Http1Browser.once(
                    gateway.port(),
                    "GET",
                    PATH,
                    "upgrade",
                    "websocket",
                    "connection",
                    "upgrade",
                    "sec-websocket-version",
                    "8",
                    "sec-websocket-protocol",
                    "grpc-websockets");
            assertThat(old.status()).isEqualTo(426);
            assertThat(old.header("sec-websocket-version")).isEqualTo("13");
            Answer keyless = Http1Browser.once(
                    gateway.port(),
                    "GET",
                    PATH,
                    "upgrade",
                    "websocket",
                    "connection",
                    "upgrade",
                    "sec-websocket-version",
                    "13",
                    "sec-websocket-key",
                    "short",
                    "sec-websocket-protocol",
                    "grpc-websockets");
            assertThat(keyless.status()).isEqualTo(400);
        }
    }
}
