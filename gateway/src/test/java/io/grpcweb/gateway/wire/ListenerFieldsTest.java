package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an Envoy file says of listeners and of the admin pages. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ListenerFieldsTest(Subject subject) {
    @TempDir
    private static Path folder;

    private static EnvoyFile file(Http1Backend backend) {
        return new EnvoyFile(backend.port()).http1();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionBeginsWithTheProxyHeaderWhereTheFileSaysSo(boolean old) {
        String filter = """
                listener_filters:
                - name: proxy
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(file(backend)
                        .with(old ? "CHAIN" : "LISTENER", old ? "use_proxy_proto: true" : filter)
                        .with("MANAGER", "use_remote_address: true"));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw("PROXY TCP4 9.8.7.6 127.0.0.1 1234 80\r\n");
            assertThat(browser.ask("GET", "/").status()).isEqualTo(200);
            assertThat(backend.next().field("x-forwarded-for")).isEqualTo("9.8.7.6");
        }
    }

    @Test
    void aConnectionThatDoesNotBeginInTimeIsClosed() throws IOException {
        String listener = """
                listener_filters_timeout: 0.3s
                listener_filters:
                - name: proxy
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(file(backend).with("LISTENER", listener));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void soManyConnectionsAreServedAtOnce() {
        String filter = """
                - name: limit
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
                    stat_prefix: limit
                    max_connections: 1
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(file(backend).with("NETWORK", filter));
                Http1Browser first = new Http1Browser(gateway.port())) {
            assertThat(first.ask("GET", "/").status()).isEqualTo(200);
            try (Http1Browser second = new Http1Browser(gateway.port())) {
                assertThat(second.isEnded()).isTrue();
            }
            assertThat(first.ask("GET", "/").status()).isEqualTo(200);
        }
    }

    @Test
    void aListenerIsCountedUnderItsPrefix() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(file(backend).with("LISTENER", "stat_prefix: front"))) {
            Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(gateway.page("/stats")).contains("listener.front.downstream_cx_total: 1\n");
        }
    }

    @Test
    void onlyListenersForInboundTrafficAreDrainedWhereThatIsAsked() {
        for (String direction : new String[] {"INBOUND", "OUTBOUND"}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway =
                            subject.start(file(backend).with("LISTENER", "traffic_direction: " + direction))) {
                assertThat(gateway.order("/drain_listeners?inboundonly")).isEqualTo("OK\n");
                if (direction.equals("INBOUND")) {
                    await().until(() -> !isOpen(gateway.port()));
                } else {
                    assertThat(isOpen(gateway.port())).isTrue();
                }
            }
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a backend can send 24 MiB within this time while the browser reads nothing. */
    private boolean takesAnAnswer(int limit, int seconds) throws Exception {
        int bytes = 24 << 20;
        CompletableFuture<Void> sent = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
            Thread backend = new Thread(() -> send(server, bytes, sent), "wire-large-answer");
            backend.setDaemon(true);
            backend.start();
            try (Subject.Running gateway = subject.start(new EnvoyFile(server.getLocalPort())
                            .http1()
                            .with("LISTENER", "per_connection_buffer_limit_bytes: " + limit));
                    Http1Browser browser = new Http1Browser(Http1Browser.connected(gateway.port(), 4096))) {
                browser.raw("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
                sent.get(seconds, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            }
        }
    }

    private static void send(ServerSocket server, int bytes, CompletableFuture<Void> sent) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read(new byte[4096]);
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\ncontent-length: " + bytes + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[bytes]);
            sent.complete(null);
            socket.getInputStream().read();
        } catch (IOException e) {
            sent.completeExceptionally(e);
        }
    }

    @Test
    void soMuchIsHeldForABrowserThatDoesNotRead() throws Exception {
        assertThat(takesAnAnswer(64 << 10, 1)).isFalse();
        assertThat(takesAnAnswer(64 << 20, 20)).isTrue();
    }

    @Test
    void theAdminListenerHasALogOfItsOwn() throws Exception {
        for (boolean old : new boolean[] {false, true}) {
            Path log = Files.createTempFile(folder, "admin", ".log");
            String admin =
                    "admin:\n  address: { socket_address: { protocol: TCP, address: 127.0.0.1, port_value: 0 } }\n  "
                            + (old
                                    ? "access_log_path: " + log
                                    : "access_log:\n"
                                            + EnvoyFile.fileLog(log, "%REQ(:PATH)%")
                                                    .indent(2))
                            + "\n";
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway =
                            subject.start(admin + file(backend).text())) {
                gateway.page("/clusters");
                await().until(() -> Files.readString(log).contains("/clusters"));
            }
        }
    }

    @Test
    void theNodeIsShown() {
        String node = "node: { id: one, cluster: edges, locality: { region: here, zone: there, sub_zone: shelf } }\n";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(node + file(backend).text())) {
            assertThat(gateway.page("/server_info").replaceAll("\\s", ""))
                    .contains("\"id\":\"one\"", "\"cluster\":\"edges\"", "\"region\":\"here\"")
                    .contains("\"zone\":\"there\"", "\"sub_zone\":\"shelf\"");
        }
    }

    @Test
    void aTextMayComeFromTheEnvironment() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(file(backend).with("ROUTES", """
                        - match: { prefix: / }
                          direct_response: { status: 200, body: { environment_variable: PATH } }
                        """))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo(System.getenv("PATH"));
        }
    }
}
