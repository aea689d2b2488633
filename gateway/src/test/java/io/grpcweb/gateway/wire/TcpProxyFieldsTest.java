package io.grpcweb.gateway.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.RawBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of connections whose bytes go to a backend as they are. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record TcpProxyFieldsTest(Subject subject) {
    private static final String LOG =
            "%RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %UPSTREAM_CLUSTER% %UPSTREAM_HOST%"
                    + " %UPSTREAM_REQUEST_ATTEMPT_COUNT% %UPSTREAM_TRANSPORT_FAILURE_REASON%";

    private static final String FILE = """
            static_resources:
              listeners:
              - name: raw
                address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                filter_chains:
                - filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: raw
                      %s
                  %s
              clusters:
              %s
            """;

    private static final String CLUSTER = """
            - name: %s
              connect_timeout: 5s
              %s
              load_assignment:
                cluster_name: %1$s
                endpoints: [ { lb_endpoints: [ { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } } ] } ]
            """;

    @TempDir
    private static Path folder;

    private Subject.Running start(String proxy, String chain, String... clusters) {
        return subject.start(FILE.formatted(
                proxy.strip().replace("\n", "\n          "),
                chain.strip().replace("\n", "\n      "),
                String.join("", clusters).strip().replace("\n", "\n  ")));
    }

    private static String cluster(String name, int port, String piece) {
        return CLUSTER.formatted(name, piece.strip().replace("\n", "\n  "), port);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), US_ASCII);
    }

    /** What comes until the connection is closed, or broken off. */
    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        } catch (SocketException e) {
            return "broken off";
        }
    }

    /** A port that nobody listens on. */
    private static int dead() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return taken.getLocalPort();
        }
    }

    private static String line(Path log) {
        await().until(() -> Files.readString(log).endsWith("\n"));
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void bytesPassBothWaysAndSoDoTheEndsOfBoth() throws Exception {
        Path log = Files.createTempFile(folder, "raw", ".log");
        try (RawBackend backend = RawBackend.echo();
                Subject.Running gateway = start(
                        "cluster: backend\naccess_log:\n" + EnvoyFile.fileLog(log, LOG),
                        "",
                        cluster("backend", backend.port(), ""))) {
            try (Socket socket = connect(gateway.port())) {
                send(socket, "hello");
                assertThat(read(socket, 5)).isEqualTo("hello");
                socket.shutdownOutput();
                assertThat(rest(socket)).isEqualTo("bye");
            }
            assertThat(line(log)).isEqualTo("- 5 8 backend 127.0.0.1:" + backend.port() + " 1 -\n");
            assertThat(gateway.page("/stats?filter=tcp.raw"))
                    .contains("tcp.raw.downstream_cx_total: 1\n")
                    .contains("tcp.raw.downstream_cx_rx_bytes_total: 5\n")
                    .contains("tcp.raw.downstream_cx_tx_bytes_total: 8\n")
                    .contains("tcp.raw.downstream_cx_no_route: 0\n");
            assertThat(gateway.page("/stats?filter=cluster.backend.upstream"))
                    .contains("upstream_cx_total: 1\n")
                    .contains("upstream_cx_active: 0\n")
                    .contains("upstream_cx_rx_bytes_total: 8\n")
                    .contains("upstream_cx_tx_bytes_total: 5\n")
                    .contains("upstream_rq_total: 1\n");
        }
    }

    @Test
    void aBackendMaySpeakFirstAndEndFirst() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        try (RawBackend backend = new RawBackend(socket -> {
                    send(socket, "220 ready");
                    socket.shutdownOutput();
                    asked.complete(rest(socket));
                });
                Subject.Running gateway = start("cluster: backend", "", cluster("backend", backend.port(), ""));
                Socket socket = connect(gateway.port())) {
            assertThat(rest(socket)).isEqualTo("220 ready");
            send(socket, "QUIT");
            socket.shutdownOutput();
            assertThat(asked.get(20, TimeUnit.SECONDS)).isEqualTo("QUIT");
        }
    }

    @Test
    void aConnectionThatTheBackendBreaksOffIsBrokenOff() throws Exception {
        Path log = Files.createTempFile(folder, "raw", ".log");
        try (RawBackend backend = new RawBackend(socket -> {
                    read(socket, 2);
                    socket.setSoLinger(true, 0);
                });
                Subject.Running gateway = start(
                        "cluster: backend\naccess_log:\n" + EnvoyFile.fileLog(log, "%RESPONSE_FLAGS%"),
                        "",
                        cluster("backend", backend.port(), ""));
                Socket socket = connect(gateway.port())) {
            send(socket, "hi");
            assertThat(rest(socket)).isEqualTo("broken off");
            assertThat(line(log)).isEqualTo("UR\n");
        }
    }

    @Test
    void aClusterIsDrawnByWeight() throws Exception {
        String weighted = "weighted_clusters: { clusters: [ { name: a, weight: 3 }, { name: b, weight: 3 } ] }";
        try (RawBackend a = RawBackend.echo();
                RawBackend b = RawBackend.echo();
                Subject.Running gateway = start(weighted, "", cluster("a", a.port(), ""), cluster("b", b.port(), ""))) {
            // One of them alone would be chosen once in 2^63 times.
            for (int i = 0; i < 64; i++) {
                try (Socket socket = connect(gateway.port())) {
                    send(socket, "x");
                    assertThat(read(socket, 1)).isEqualTo("x");
                }
            }
            assertThat(a.connections()).isPositive();
            assertThat(b.connections()).isPositive();
            assertThat(a.connections() + b.connections()).isEqualTo(64);
        }
    }

    @Test
    void aConnectionOnWhichNothingComesIsClosed() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                Subject.Running gateway =
                        start("cluster: backend\nidle_timeout: 0.2s", "", cluster("backend", backend.port(), ""));
                Socket socket = connect(gateway.port())) {
            assertThat(rest(socket)).isEmpty();
            assertThat(gateway.page("/stats?filter=idle")).contains("tcp.raw.idle_timeout: 1\n");
        }
    }

    @Test
    void aConnectionMayOnlyBecomeSoOld() throws Exception {
        Path log = Files.createTempFile(folder, "raw", ".log");
        String limits = """
                cluster: backend
                max_downstream_connection_duration: 0.3s
                max_downstream_connection_duration_jitter_percentage: { value: 50 }
                access_log:
                """;
        try (RawBackend backend = RawBackend.echo();
                Subject.Running gateway = start(
                        limits + EnvoyFile.fileLog(log, "%RESPONSE_FLAGS% %DURATION%"),
                        "",
                        cluster("backend", backend.port(), ""));
                Socket socket = connect(gateway.port())) {
            assertThat(rest(socket)).isEmpty();
            assertThat(line(log)).matches("DT ([3-9][0-9]{2}|[0-9]{4,})\n");
            assertThat(gateway.page("/stats?filter=tcp.raw.max"))
                    .isEqualTo("tcp.raw.max_downstream_connection_duration: 1\n");
        }
    }

    @Test
    void endpointsAreTriedOneAfterTheOther() throws Exception {
        Path log = Files.createTempFile(folder, "raw", ".log");
        int port = dead();
        try (Subject.Running gateway = start(
                        "cluster: gone\nmax_connect_attempts: 3\naccess_log:\n" + EnvoyFile.fileLog(log, LOG),
                        "",
                        cluster("gone", port, ""));
                Socket socket = connect(gateway.port())) {
            assertThat(rest(socket)).isEmpty();
            assertThat(line(log))
                    .isEqualTo("UF,URX 0 0 gone 127.0.0.1:" + port + " 3 delayed_connect_error:_Connection_refused\n");
            assertThat(gateway.page("/stats?filter=cluster.gone.upstream"))
                    .contains("upstream_cx_connect_fail: 3\n")
                    .contains("upstream_cx_connect_attempts_exceeded: 1\n")
                    .contains("upstream_rq_pending_failure_eject: 3\n");
        }
    }

    @Test
    void whereNoBackendCanBeConnectedTheLogSaysWhy() throws Exception {
        Path log = Files.createTempFile(folder, "raw", ".log");
        String logged = "\naccess_log:\n" + EnvoyFile.fileLog(log, "%RESPONSE_FLAGS% %UPSTREAM_CLUSTER%");
        String empty = "- { name: empty, connect_timeout: 5s, load_assignment: { cluster_name: empty } }\n";
        // The gateway's own format has no clusters that are not there.
        if (subject != Subject.IMPORTED) {
            try (Subject.Running gateway = start("cluster: nowhere" + logged, "", empty);
                    Socket socket = connect(gateway.port())) {
                assertThat(rest(socket)).isEmpty();
                assertThat(line(log)).isEqualTo("NC -\n");
                assertThat(gateway.page("/stats?filter=no_route")).contains("tcp.raw.downstream_cx_no_route: 1\n");
            }
            Files.writeString(log, "");
        }
        try (Subject.Running gateway = start("cluster: empty" + logged, "", empty);
                Socket socket = connect(gateway.port())) {
            assertThat(rest(socket)).isEmpty();
            assertThat(line(log)).isEqualTo("UH empty\n");
        }
    }

    @Test
    void aCircuitBreakerIsForConnectionsToo() throws Exception {
        Path log = Files.createTempFile(folder, "raw", ".log");
        try (RawBackend backend = RawBackend.echo();
                Subject.Running gateway = start(
                        "cluster: backend\naccess_log:\n" + EnvoyFile.fileLog(log, "%RESPONSE_FLAGS%"),
                        "",
                        cluster(
                                "backend",
                                backend.port(),
                                "circuit_breakers: { thresholds: [ { max_connections: 1 } ] }"));
                Socket first = connect(gateway.port())) {
            send(first, "x");
            assertThat(read(first, 1)).isEqualTo("x");
            try (Socket second = connect(gateway.port())) {
                assertThat(rest(second)).isEmpty();
            }
            assertThat(line(log)).isEqualTo("UO\n");
        }
    }

    @Test
    void aConnectionMayBeLoggedWhenItBegins() throws Exception {
        Path log = Files.createTempFile(folder, "raw", ".log");
        String options = subject == Subject.IMPORTED
                ? "flush_access_log_on_connected: true"
                : "access_log_options: { flush_access_log_on_connected: true }";
        try (RawBackend backend = RawBackend.echo();
                Subject.Running gateway = start(
                        "cluster: backend\n" + options + "\naccess_log:\n"
                                + EnvoyFile.fileLog(log, "%UPSTREAM_CLUSTER% %BYTES_RECEIVED%"),
                        "",
                        cluster("backend", backend.port(), ""))) {
            try (Socket socket = connect(gateway.port())) {
                assertThat(line(log)).isEqualTo("backend 0\n");
                send(socket, "x");
                assertThat(read(socket, 1)).isEqualTo("x");
            }
            await().until(() -> Files.readString(log).equals("backend 0\nbackend 1\n"));
        }
    }

    @Test
    void whoDoesNotReadIsNotSentMore() throws Exception {
        byte[] much = new byte[32 << 20];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31);
        }
        Gate paused = new Gate();
        try (RawBackend backend = new RawBackend(socket -> {
                    paused.pass();
                    socket.getInputStream().transferTo(socket.getOutputStream());
                });
                Subject.Running gateway = start("cluster: backend", "", cluster("backend", backend.port(), ""));
                Socket socket = connect(gateway.port())) {
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(much);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            writer.start();
            await().until(() -> !gateway.page("/stats?filter=tcp.raw.downstream_flow_control_paused")
                    .endsWith("_total: 0\n"));
            paused.open();
            // Nothing is read back yet: the way back fills as well.
            await().until(() -> !gateway.page("/stats?filter=cluster.backend.upstream_flow_control_paused")
                    .endsWith("_total: 0\n"));
            byte[] back = socket.getInputStream().readAllBytes();
            assertThat(back).hasSize(much.length);
            assertThat(Arrays.equals(back, much)).isTrue();
            writer.join();
        }
    }

    @Test
    void tlsMayBeOnEitherSide() throws Exception {
        Certificates certificates = new Certificates(Files.createTempDirectory(folder, "certificates"));
        String downstream = """
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                    common_tls_context: { tls_certificates: [ %s ] }
                """.formatted(certificates.yaml());
        String upstream = """
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                    common_tls_context: {}
                """;
        try (RawBackend backend = new RawBackend(certificates.listen(), socket -> {
                    String asked = read(socket, 4);
                    send(socket, asked + "!");
                });
                Subject.Running gateway =
                        start("cluster: backend", downstream, cluster("backend", backend.port(), upstream));
                SSLSocket socket = Certificates.anonymous(certificates).connect(gateway.port())) {
            send(socket, "ping");
            assertThat(rest(socket)).isEqualTo("ping!");
        }
    }

    @Test
    void tlsThatIsPassedOnFindsItsClusterByTheServerName() throws Exception {
        Certificates certificates = new Certificates(Files.createTempDirectory(folder, "certificates"));
        String file = """
                static_resources:
                  listeners:
                  - name: raw
                    address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                    listener_filters:
                    - name: inspector
                      typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector }
                    filter_chains:
                """ + passed("a") + passed("b") + "  clusters:\n";
        try (RawBackend a = new RawBackend(certificates.listen(), socket -> send(socket, "a" + read(socket, 1)));
                RawBackend b = new RawBackend(certificates.listen(), socket -> send(socket, "b" + read(socket, 1)));
                Subject.Running gateway =
                        subject.start(file + (cluster("a", a.port(), "") + cluster("b", b.port(), "")).indent(2))) {
            assertThat(answer(certificates, gateway.port(), "a.test")).isEqualTo("ax");
            assertThat(answer(certificates, gateway.port(), "b.test")).isEqualTo("bx");
            assertThat(answer(certificates, gateway.port(), "c.test")).isEqualTo("none");
        }
    }

    private static String passed(String name) {
        return """
                    - filter_chain_match: { server_names: [ %1$s.test ] }
                      filters:
                      - name: tcp
                        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: %1$s, cluster: %1$s }
                """.formatted(name);
    }

    private static String answer(Certificates certificates, int port, String name) throws Exception {
        try (SSLSocket socket = Certificates.anonymous(certificates)
                .connect(port, parameters -> parameters.setServerNames(List.of(new SNIHostName(name))))) {
            send(socket, "x");
            return rest(socket);
        } catch (IOException e) {
            return "none";
        }
    }
}
