package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.LogWatch;
import io.grpcweb.gateway.testing.Setup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends that are no HTTP/2 servers: status 14 within the connect timeout, and a line for the operator. */
class StrangeBackendTest {
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

    /** An empty SETTINGS frame. */
    private static final byte[] SETTINGS = Frames.hex("000000 04 00 00000000");

    private final LogWatch log = new LogWatch();
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        for (AutoCloseable one : open) {
            one.close();
        }
        log.close();
    }

    /** What a server does with a connection. */
    private interface Talk {
        void on(Socket socket) throws IOException;
    }

    private int serve(ServerSocket server, Talk talk) {
        open.add(server);
        threads.execute(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    open.add(socket);
                    threads.execute(() -> {
                        try {
                            talk.on(socket);
                        } catch (IOException e) {
                            // The gateway has closed it.
                            return;
                        }
                    });
                }
            } catch (IOException e) {
                // The end of the test.
                return;
            }
        });
        return server.getLocalPort();
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    }

    /** Two calls: both fail in time, and one line says why. */
    private void expect(int port, String fault) {
        expect(port, "", fault);
    }

    private void expect(int port, String cluster, String fault) {
        try (RunningGateway gateway =
                        RunningGateway.of(Setup.own("", "connect-timeout = 500ms\n" + cluster, "127.0.0.1:" + port));
                Browser browser = Browser.connect(2, gateway.port())) {
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                Answer answer =
                        browser.post("/wire.Service/Call", Frames.F3, "content-type", "application/grpc-web+proto");
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                assertThat(answer.text())
                        .contains("grpc-status:14", "upstream connect error or disconnect/reset before headers")
                        .doesNotContain("127.0.0.1");
                // Much for a machine that is busy: where time is the point, the line of the log has it.
                assertThat(took).isLessThan(CONNECT_TIMEOUT.plusSeconds(20));
            }
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains(":" + port))
                    .singleElement()
                    .asString()
                    .startsWith("cluster backend: ")
                    .contains(fault);
        }
    }

    @Test
    void oneThatAcceptsAndNeverSpeaks() throws Exception {
        int port = serve(listen(), socket -> {});
        expect(port, "accepts connections and says nothing, not even HTTP/2 SETTINGS, within 500 ms");
    }

    @Test
    void oneThatSpeaksHttp1() throws Exception {
        int port = serve(listen(), socket -> {
            socket.getInputStream().read();
            socket.getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });
        expect(port, "speaks HTTP/1 where HTTP/2 is expected");
        expectOneHint("backend_speaks_http1");
    }

    @Test
    void oneThatSpeaksTls(@TempDir Path folder) throws Exception {
        int port = serve(new Certificates(folder).listen(), socket -> socket.getInputStream()
                .read());
        expect(port, "speaks TLS where cleartext is expected");
        expectOneHint("backend_wants_tls");
    }

    @Test
    void oneThatSpeaksNoTls() throws Exception {
        int port = serve(listen(), socket -> {
            socket.getOutputStream().write(SETTINGS);
            socket.getInputStream().read();
        });
        expect(port, "tls = true", "TLS_error: not an SSL/TLS record");
        expectOneHint("backend_is_cleartext");
    }

    private void expectOneHint(String hint) {
        assertThat(log.warnings())
                .filteredOn(line -> line.contains("docs/errors.md#"))
                .singleElement()
                .asString()
                .startsWith("cluster backend: ")
                .contains("(docs/errors.md#" + hint + ")");
    }

    /** It may only be slow: what it has been given ends by clocks of its own, and other calls go elsewhere. */
    @Test
    void oneThatSendsSettingsAndNothingElse() throws Exception {
        ServerSocket server = listen();
        List<Socket> connections = new CopyOnWriteArrayList<>();
        int port = serve(server, socket -> {
            connections.add(socket);
            socket.getOutputStream().write(SETTINGS);
        });
        try (RunningGateway gateway = RunningGateway.of(Setup.own("", "connect-timeout = 500ms", "127.0.0.1:" + port));
                Browser browser = Browser.connect(2, gateway.port())) {
            for (int i = 1; i <= 2; i++) {
                Answer answer = browser.post(
                        "/wire.Service/Call",
                        Frames.F3,
                        "content-type",
                        "application/grpc-web+proto",
                        "grpc-timeout",
                        "1500m");
                assertThat(answer.text()).contains("grpc-status:4");
                assertThat(connections).hasSize(i);
            }
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains(":" + port))
                    .singleElement()
                    .asString()
                    .contains("sends HTTP/2 SETTINGS and nothing else within 500 ms");
        }
    }

    @Test
    void oneThatSpeaksSomethingElse() throws Exception {
        int port = serve(listen(), socket -> socket.getOutputStream()
                .write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII)));
        expect(port, "does not speak HTTP/2; its first bytes are 5353482d322e302d");
    }

    @Test
    void oneThatClosesBeforeItSpeaks() throws Exception {
        int port = serve(listen(), Socket::close);
        expect(port, "");
    }

    @Test
    void oneThatSpeaksCleartextWhereTlsIsExpected() throws Exception {
        int port = serve(listen(), socket -> socket.getOutputStream().write(SETTINGS));
        expect(port, "tls.verify = false", "TLS_error: ");
    }

    @Test
    void oneThatDoesNotFinishTheHandshake() throws Exception {
        int port = serve(listen(), socket -> {});
        expect(port, "tls.verify = false", "accepts connections and does not finish the TLS handshake within 500 ms");
    }
}
