package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.EchoBackend;
import io.grpcweb.gateway.testing.EnvoyFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What routes and listeners say beyond where a request goes, seen from both ends of a gateway. */
class RouteFeaturesTest {
    private static final String HTTP = "type.googleapis.com/envoy.extensions.filters.http.";
    private static final String UPGRADE = """
            GET /ws HTTP/1.1\r
            host: app.test\r
            connection: upgrade\r
            upgrade: websocket\r
            sec-websocket-key: k\r
            \r
            """;
    private static final String SWITCHED = """
            HTTP/1.1 101 Switching Protocols\r
            connection: upgrade\r
            upgrade: websocket\r
            sec-websocket-accept: a\r
            \r
            """;

    private final EchoBackend backend = new EchoBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        backend.close();
    }

    private void start(String manager, String routes, String filters, int other) throws Exception {
        EnvoyFile file =
                new EnvoyFile(backend.port()).http1().with("ROUTES", routes).cluster("other", other, "");
        if (!manager.isEmpty()) {
            file.with("MANAGER", manager);
        }
        if (!filters.isEmpty()) {
            file.with("FILTERS", filters);
        }
        gateway = RunningGateway.of(
                EnvoyBootstrap.read(Optional.empty(), Optional.of(file.text()), Configs.envoy(false, false)));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** The whole answer to one request on a connection of its own. */
    private String ask(String method, String path, String... fields) throws IOException {
        try (Socket socket = connect()) {
            StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nhost: app.test\r\n");
            for (String field : fields) {
                head.append(field).append("\r\n");
            }
            send(socket, head + "connection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static final String TO_BACKEND = "- { match: { prefix: / }, route: { cluster: backend } }";

    @Test
    void headerRulesReachTheBackendAndTheBrowser() throws Exception {
        start("", """
                - { match: { prefix: / }, route: { cluster: backend },
                  request_headers_to_add: [ { header: { key: x-path, value: "%REQ(:path)% over %PROTOCOL%" } } ],
                  request_headers_to_remove: [ x-secret ],
                  response_headers_to_add: [ { header: { key: x-code, value: "%RESPONSE_CODE%" } } ],
                  response_headers_to_remove: [ x-backend ] }""", "", 1);
        String answer = ask("GET", "/a", "x-secret: 1");
        assertThat(backend.next().fields())
                .containsEntry("x-path", "/a over HTTP/1.1")
                .doesNotContainKey("x-secret");
        assertThat(answer).contains("x-code: 200").doesNotContain("x-backend");
    }

    @Test
    void answersOfTheGatewaysOwnHaveTheFieldsOfTheirRoute() throws Exception {
        start("", """
                - { match: { prefix: / }, direct_response: { status: 200, body: { inline_string: "{}" } },
                  response_headers_to_add: [ { header: { key: content-type, value: application/json } } ] }""", "", 1);
        assertThat(ask("GET", "/")).contains("content-type: application/json").endsWith("\r\n\r\n{}");
    }

    @Test
    void aLocalReplyIsWrittenInTheFormOfTheConfiguration() throws Exception {
        start("""
                local_reply_config: { mappers: [ { filter: { status_code_filter: { comparison: {
                  op: EQ, value: { default_value: 503, runtime_key: k } } } },
                  status_code: 502, body: { inline_string: "sorry" },
                  body_format_override: { json_format: { code: "%RESPONSE_CODE%", text: "%LOCAL_REPLY_BODY%" } } } ] }
                """, "- { match: { prefix: / }, route: { cluster_header: x-cluster } }", "", 1);
        assertThat(ask("GET", "/"))
                .startsWith("HTTP/1.1 502 ")
                .contains("content-type: application/json")
                .endsWith("\r\n\r\n{\"code\":502,\"text\":\"sorry\"}\n");
        assertThat(ask("POST", "/", "content-type: application/grpc-web", "content-length: 0"))
                .startsWith("HTTP/1.1 502 ")
                .contains("grpc-status: 14", "grpc-message: {\"code\":502,\"text\":\"sorry\"}\r\n");
    }

    @Test
    void aCallAboveTheRateIsRefusedAndTheRouteMayTurnTheLimitOff() throws Exception {
        String limit = """
                - { name: limit, typed_config: { "@type": "%slocal_ratelimit.v3.LocalRateLimit", stat_prefix: rl,
                  token_bucket: { max_tokens: 1, tokens_per_fill: 1, fill_interval: 3600s },
                  filter_enabled: { default_value: { numerator: 100 } },
                  filter_enforced: { default_value: { numerator: 100 } },
                  response_headers_to_add: [ { header: { key: x-limited, value: "yes" } } ] } }""".formatted(HTTP);
        start("", """
                - { match: { prefix: /free }, route: { cluster: backend }, typed_per_filter_config: { limit: {
                  "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true } } }
                """ + TO_BACKEND, limit, 1);
        assertThat(ask("GET", "/a")).startsWith("HTTP/1.1 200 ");
        assertThat(ask("GET", "/a"))
                .startsWith("HTTP/1.1 429 ")
                .contains("x-limited: yes")
                .endsWith("\r\n\r\nlocal_rate_limited");
        assertThat(ask("POST", "/a", "content-type: application/grpc-web", "content-length: 0"))
                .startsWith("HTTP/1.1 429 ")
                .contains("grpc-status: 14", "grpc-message: local_rate_limited");
        assertThat(ask("GET", "/free")).startsWith("HTTP/1.1 200 ");
        assertThat(ask("GET", "/free")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aRouteThatTakesGrpcAloneRefusesTheRest() throws Exception {
        Endpoint to = new Endpoint("127.0.0.1", backend.port());
        gateway = RunningGateway.of(
                Configs.quickStart(new Endpoint("127.0.0.1", 0), List.of(to), List.of(), Optional.empty()));
        assertThat(ask("GET", "/a.B/C")).startsWith("HTTP/1.1 405 ").contains("allow: POST");
        assertThat(ask("POST", "/a.B/C", "content-type: application/xml", "content-length: 0"))
                .startsWith("HTTP/1.1 415 ")
                .contains("content-length: 0");
        assertThat(backend.wasAsked()).isFalse();
    }

    @Test
    void pathsAreRoutedInTheirNormalForm() throws Exception {
        start("normalize_path: true", """
                - { match: { prefix: /admin }, direct_response: { status: 403 } }
                """ + TO_BACKEND, "", 1);
        assertThat(ask("GET", "/open/../%61dmin")).startsWith("HTTP/1.1 403 ");
        assertThat(ask("GET", "/a%00")).startsWith("HTTP/1.1 400 ");
        assertThat(ask("GET", "/a/./b?c=..")).startsWith("HTTP/1.1 200 ");
        assertThat(backend.next().path()).isEqualTo("/a/b?c=..");
    }

    /** A route that says no more than an HTTP status tells a call no more; a text is told with the status that fits. */
    @Test
    void anAnswerOfARouteHasAGrpcStatusOnlyBesideAText() throws Exception {
        start("", """
                - { match: { prefix: /shut }, direct_response: { status: 403 } }
                - { match: { prefix: /told }, direct_response: { status: 403, body: { inline_string: closed } } }
                """, "", 1);
        assertThat(ask("POST", "/shut/M", "content-type: application/grpc-web+proto", "content-length: 0"))
                .startsWith("HTTP/1.1 403 ")
                .contains("content-length: 0")
                .doesNotContain("grpc-status");
        assertThat(ask("POST", "/told/M", "content-type: application/grpc-web+proto", "content-length: 0"))
                .startsWith("HTTP/1.1 403 ")
                .contains("grpc-status: 7", "grpc-message: closed");
    }

    @Test
    void aCopyGoesToTheMirrorAndItsAnswerNowhere() throws Exception {
        try (EchoBackend mirror = new EchoBackend()) {
            start("", """
                    - { match: { prefix: / }, route: { cluster: backend,
                      request_mirror_policies: [ { cluster: other } ] } }""", "", mirror.port());
            try (Socket socket = connect()) {
                send(socket, "POST /a HTTP/1.1\r\nhost: app.test\r\ncontent-length: 4\r\n\r\nbo");
                send(socket, "dy");
                assertThat(backend.next().body()).isEqualTo("body");
                EchoBackend.Request copy = mirror.next();
                assertThat(copy.body()).isEqualTo("body");
                assertThat(copy.fields()).containsEntry("host", "app.test-shadow");
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 200");
            }
        }
    }

    @Test
    void aHeadThatDoesNotEndIsTimedOut() throws Exception {
        start("request_headers_timeout: 0.05s", TO_BACKEND, "", 1);
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nhost: app.te");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408 ")
                    .endsWith("\r\n\r\nrequest header timeout");
        }
        assertThat(backend.wasAsked()).isFalse();
    }

    @Test
    void anUpgradeThatNobodyAllowedIsForbidden() throws Exception {
        start("", TO_BACKEND, "", 1);
        try (Socket socket = connect()) {
            send(socket, "GET /ws HTTP/1.1\r\nhost: app.test\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 403 ");
        }
        assertThat(backend.wasAsked()).isFalse();
    }

    @Test
    void anUpgradeForWhichThereIsNoRouteIsNotFound() throws Exception {
        for (String manager : new String[] {"", "upgrade_configs: [ { upgrade_type: websocket } ]"}) {
            start(manager, "- { match: { prefix: /other }, route: { cluster: backend } }", "", 1);
            try (Socket socket = connect()) {
                send(socket, "GET /ws HTTP/1.1\r\nhost: app.test\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
                assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                                .readLine())
                        .startsWith("HTTP/1.1 404 ");
            }
            gateway.close();
        }
        assertThat(backend.wasAsked()).isFalse();
    }

    @Test
    void aWebSocketPassesBothWaysUntilOneSideEnds() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> talk(server));
            start("upgrade_configs: [ { upgrade_type: websocket } ]", """
                    - { match: { prefix: / }, route: { cluster: other } }""", "", server.getLocalPort());
            try (Socket socket = connect()) {
                send(socket, UPGRADE);
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) socket.getInputStream().read());
                }
                assertThat(head.toString())
                        .startsWith("HTTP/1.1 101 ")
                        .contains("upgrade: websocket", "connection: upgrade", "sec-websocket-accept: a");
                send(socket, "ping");
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("pong");
            }
            assertThat(seen.get()).contains("GET /ws HTTP/1.1\r\n", "upgrade: websocket", "sec-websocket-key: k");
        }
    }

    /** Changes to another protocol, answers ping with pong, and ends. */
    private static String talk(ServerSocket server) {
        try (Socket socket = server.accept()) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            send(socket, SWITCHED);
            assertThat(new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII))
                    .isEqualTo("ping");
            send(socket, "pong");
            return head.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
