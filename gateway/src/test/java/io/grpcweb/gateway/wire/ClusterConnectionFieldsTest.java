package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the connections with backends. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ClusterConnectionFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String OPTIONS = """
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                common_http_protocol_options: { %s }
                explicit_http_config: { %s: {} }
            """;

    private static EnvoyFile http2(ScriptedBackend backend, String common) {
        return new EnvoyFile(backend.port()).with("CLUSTER", OPTIONS.formatted(common, "http2_protocol_options"));
    }

    private static EnvoyFile http1(Http1Backend backend, String common) {
        return new EnvoyFile(backend.port())
                .http1()
                .with("CLUSTER", OPTIONS.formatted(common, "http_protocol_options"));
    }

    private static void call(Subject.Running gateway) {
        try (Browser browser = Browser.connect(1, gateway.port())) {
            assertThat(browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto")
                            .status())
                    .isEqualTo(200);
        }
    }

    private static void ok(BackendCall seen) {
        seen.awaitEnd();
        seen.trailersOnly("grpc-status", "0");
    }

    /** Answers after a while, which is longer than the connection may be idle or grow old. */
    private static void late(BackendCall seen) throws InterruptedException {
        seen.awaitEnd();
        seen.head();
        TimeUnit.MILLISECONDS.sleep(500);
        seen.data(Frames.F3).trailers("grpc-status", "0");
    }

    @Test
    void anHttp2ConnectionWithoutACallIsClosedWhenItsIdleTimeoutIsOver() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, ClusterConnectionFieldsTest::ok);
                Subject.Running gateway = subject.start(http2(backend, "idle_timeout: 0.2s"))) {
            call(gateway);
            await().until(() -> backend.connections().get(0).isGone());
            call(gateway);
            assertThat(backend.connections()).hasSize(2);
        }
    }

    @Test
    void anHttp1ConnectionWithoutARequestIsClosedWhenItsIdleTimeoutIsOver() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(http1(backend, "idle_timeout: 0.2s"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            await().until(() -> backend.connections().get(0).isClosed());
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            assertThat(backend.connections()).hasSize(2);
        }
    }

    @Test
    void aConnectionWithACallIsNotIdle() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, ClusterConnectionFieldsTest::late);
                Subject.Running gateway = subject.start(http2(backend, "idle_timeout: 0.1s"));
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F3, Frames.T0));
        }
    }

    @Test
    void anIdleTimeoutOfZeroIsNone() throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, ClusterConnectionFieldsTest::ok);
                Subject.Running gateway = subject.start(http2(backend, "idle_timeout: 0s"))) {
            call(gateway);
            TimeUnit.MILLISECONDS.sleep(200);
            call(gateway);
            assertThat(backend.connections()).hasSize(1);
        }
    }

    @Test
    void aConnectionThatIsOldEnoughEndsWhenItsCallsHaveEnded() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, ClusterConnectionFieldsTest::late);
                Subject.Running gateway = subject.start(http2(backend, "max_connection_duration: 0.2s"));
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F3, Frames.T0));
            await().until(() -> backend.connections().get(0).isGone());
        }
    }

    @Test
    void aConnectionIsUsedForSoManyRequests() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(http1(backend, "max_requests_per_connection: 2"));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            for (int i = 0; i < 4; i++) {
                assertThat(browser.ask("GET", "/").status()).isEqualTo(200);
                assertThat(backend.next().connection()).isEqualTo(i / 2);
            }
        }
    }

    @Test
    void aStreamLivesNoLongerThanTheClusterAllows() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, BackendCall::awaitReset);
                Subject.Running gateway = subject.start(http2(backend, "max_stream_duration: 0.2s"));
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.header("grpc-message")).isEqualTo("upstream max stream duration reached");
        }
    }

    @Test
    void keepAliveHasTheTimeOfTheFile() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "only Linux shows the timers of sockets");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", "upstream_connection_options: { tcp_keepalive: { keepalive_time: 1000 } }"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            // In hundredths of a second; the system's own time is two hours.
            await().untilAsserted(
                            () -> assertThat(keepAliveTimer(backend.port())).isBetween(90_000, 100_000));
        }
    }

    /** When the keep-alive timer of the connection to this port fires; -1 where none runs. */
    private static int keepAliveTimer(int port) throws IOException {
        String remote = String.format(Locale.ROOT, "0100007F:%04X", port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.strip().split(" +", -1);
                if (columns[2].endsWith(remote) && columns[3].equals("01") && columns[5].startsWith("02:")) {
                    return Integer.parseInt(columns[5].substring(3), 16);
                }
            }
        }
        return -1;
    }

    @Test
    void connectionsComeFromTheAddressOfTheFile() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with(
                                "CLUSTER",
                                "upstream_bind_config: { source_address: { address: 127.0.0.9, port_value: 0 } }"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            assertThat(backend.connections().get(0).getInetAddress().getHostAddress())
                    .isEqualTo("127.0.0.9");
        }
    }

    /** The endpoint is at 127.0.0.2 first and at the address of the backend, with the port of that. */
    private static String twice(EnvoyFile file, int port) {
        String where = "{ address: { socket_address: { address: 127.0.0.%d, port_value: " + port + " } } ";
        return file.text()
                .replace(
                        "- endpoint: " + where.formatted(1),
                        "- endpoint: " + where.formatted(2) + ", additional_addresses: [ " + where.formatted(1)
                                + "} ] ");
    }

    @Test
    void anotherAddressOfTheEndpointIsTriedAtOnceWhereOneRefuses() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(twice(new EnvoyFile(backend.port()).http1(), backend.port()))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            assertThat(gateway.page("/stats?filter=cluster.backend.upstream_cx_(total|connect_fail)$"))
                    .isEqualTo("cluster.backend.upstream_cx_connect_fail: 0\ncluster.backend.upstream_cx_total: 2\n");
        }
    }

    @Test
    void anotherAddressOfTheEndpointIsTriedWhereOneSaysNothing() throws Exception {
        try (Http1Backend backend = new Http1Backend();
                ServerSocket full = new ServerSocket(backend.port(), 1, InetAddress.getByName("127.0.0.2"));
                Subject.Running gateway = subject.start(twice(new EnvoyFile(backend.port()).http1(), backend.port()))) {
            // Its queue is full, so SYNs are dropped.
            List<Socket> queue = new ArrayList<>();
            try {
                while (queue.size() < 8) {
                    Socket one = new Socket();
                    queue.add(one);
                    one.connect(full.getLocalSocketAddress(), 200);
                }
                abort("this system has no limit on connections that nobody accepts");
            } catch (SocketTimeoutException e) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                        .isEqualTo(200);
            } finally {
                for (Socket one : queue) {
                    one.close();
                }
            }
        }
    }

    @Test
    void anotherAddressOfTheEndpointIsTriedWhereTlsGetsNowhere(@TempDir Path folder) throws Exception {
        Certificates certificates = new Certificates(folder);
        try (Http1Backend backend =
                        new Http1Backend(certificates.listen("http/1.1", false), request -> Http1Backend.OK);
                ServerSocket silent = new ServerSocket(backend.port(), 8, InetAddress.getByName("127.0.0.2"));
                Subject.Running gateway = subject.start(
                        twice(new EnvoyFile(backend.port()).http1().with("CLUSTER", """
                                transport_socket:
                                  name: envoy.transport_sockets.tls
                                  typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext }
                                """), backend.port()))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            assertThat(silent.isBound()).isTrue();
        }
    }

    @Test
    void theOlderPlaceOfTheOptionsCountsToo() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", "common_http_protocol_options: { idle_timeout: 0.2s }"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            await().until(() -> backend.connections().get(0).isClosed());
        }
    }

    @Test
    void aBackendMayListenOnASocketFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("backend.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            Thread backend = new Thread(() -> answer(server), "wire-socket-file");
            backend.setDaemon(true);
            backend.start();
            String address = "socket_address: { address: 127.0.0.1, port_value: 1 }";
            try (Subject.Running gateway =
                    subject.start(new EnvoyFile(1).http1().text().replace(address, "pipe: { path: " + file + " }"))) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("ok");
            }
        }
    }

    private static void answer(ServerSocketChannel server) {
        try (SocketChannel channel = server.accept()) {
            channel.read(ByteBuffer.allocate(4096));
            channel.write(ByteBuffer.wrap(Http1Backend.OK.getBytes(StandardCharsets.US_ASCII)));
            channel.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a browser can send 24 MiB within this time while the backend reads nothing. */
    private boolean takesARequest(int limit, int millis) throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
                Subject.Running gateway = subject.start(new EnvoyFile(backend.getLocalPort())
                        .http1()
                        .with("LISTENER", "per_connection_buffer_limit_bytes: 67108864")
                        .with("CLUSTER", "per_connection_buffer_limit_bytes: " + limit));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                browser.raw("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 25165824\r\n\r\n");
                browser.raw(new byte[24 << 20]);
            });
            sent.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Test
    void soMuchIsHeldForABackendThatDoesNotRead() throws Exception {
        assertThat(takesARequest(64 << 10, 1000)).isFalse();
        assertThat(takesARequest(64 << 20, 20_000)).isTrue();
    }
}
