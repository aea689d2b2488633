package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Setup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several filter chains on one port: in whose series a connection counts, and which hosts it may ask for. */
class ChainOfConnectionTest {
    private static Certificates certificates;
    private static String files;

    @BeforeAll
    static void make(@TempDir Path folder) throws Exception {
        certificates = new Certificates(folder);
        Path chain = Files.writeString(folder.resolve("a.pem"), certificates.chain());
        Path key = Files.writeString(folder.resolve("a.key"), certificates.key());
        files = "certificate = \"" + chain + "\", key = \"" + key + "\"";
    }

    private static RunningGateway gateway(String more) {
        return RunningGateway.of(
                Setup.parse("""
                admin.listen = "127.0.0.1:0"
                listeners.main {
                  listen = "127.0.0.1:0"
                  %2$s
                  chains = [
                    { server-names = [open.example, "*.wide.example"], stat-prefix = open, tls { %1$s }, access-log = []
                      routes = [{ prefix = "/", respond { status = 200, body = open } }] }
                    { server-names = [closed.example, "*.closed.wide.example"], stat-prefix = closed, access-log = []
                      tls { %1$s, client-ca = ${ca} }
                      routes = [{ prefix = "/", respond { status = 200, body = closed } }] }
                    { stat-prefix = plain, access-log = [], routes = [{ prefix = "/", respond { status = 200, body = plain } }] }
                  ]
                }
                """.replace("${ca}", files.substring(files.indexOf('"'), files.indexOf(',')))
                        .formatted(files, more)));
    }

    private static String answer(Socket socket, String host) throws IOException {
        try (socket) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nhost: " + host + "\r\nconnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return text.substring(9, 12) + " " + text.substring(text.lastIndexOf('\n') + 1);
        }
    }

    /** Without a session of before, which would bring its own server name. */
    private static Socket named(Certificates own, int port, String name) throws Exception {
        return own.trusting(certificates)
                .connect(port, parameters -> parameters.setServerNames(List.of(new SNIHostName(name))));
    }

    @Test
    void aConnectionCountsUnderTheChainThatServesIt() throws Exception {
        try (RunningGateway gateway = gateway("")) {
            answer(named(certificates, gateway.port(), "open.example"), "open.example");
            answer(named(certificates, gateway.port(), "closed.example"), "closed.example");
            answer(named(certificates, gateway.port(), "closed.example"), "closed.example");
            answer(new Socket(InetAddress.getLoopbackAddress(), gateway.port()), "a");
            // Says nothing, so it meets no chain.
            new Socket(InetAddress.getLoopbackAddress(), gateway.port()).close();

            Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(
                            gateway.stat("http.plain.downstream_cx_destroy"))
                    .isEqualTo(1));
            assertThat(gateway.stat("http.open.downstream_cx_total")).isEqualTo(1);
            assertThat(gateway.stat("http.open.downstream_cx_ssl_total")).isEqualTo(1);
            assertThat(gateway.stat("http.open.downstream_cx_rx_bytes_total")).isGreaterThan(100);
            assertThat(gateway.stat("http.closed.downstream_cx_total")).isEqualTo(2);
            assertThat(gateway.stat("http.plain.downstream_cx_total")).isEqualTo(1);
            assertThat(gateway.stat("http.plain.downstream_cx_ssl_total")).isZero();
            Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
                assertThat(gateway.stat("http.open.downstream_cx_active")).isZero();
                assertThat(gateway.stat("http.closed.downstream_cx_active")).isZero();
            });
        }
    }

    @Test
    void theSameBehindAPROXYHeader() throws Exception {
        try (RunningGateway gateway = gateway("proxy-protocol = true")) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
            socket.getOutputStream()
                    .write("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(answer(socket, "a")).isEqualTo("200 plain");

            assertThat(gateway.stat("http.plain.downstream_cx_total")).isEqualTo(1);
            assertThat(gateway.stat("http.open.downstream_cx_total")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "closed.example, 421 Misdirected Request",
        "CLOSED.example, 421 Misdirected Request",
        "closed.example:443, 421 Misdirected Request",
        "closed.example., 421 Misdirected Request",
        "a.closed.wide.example, 421 Misdirected Request",
        "a.wide.example, 200 open",
        "open.example, 200 open",
        "other.example, 200 open",
        "127.0.0.1, 200 open"
    })
    void aHostOfAChainThatAsksForACertificateIsMisdirected(String host, String answer) throws Exception {
        try (RunningGateway gateway = gateway("")) {
            assertThat(answer(named(Certificates.anonymous(certificates), gateway.port(), "open.example"), host))
                    .isEqualTo(answer);
        }
    }

    @Test
    void whoHasShownTheCertificateMayAskForBoth() throws Exception {
        try (RunningGateway gateway = gateway("")) {
            assertThat(answer(named(certificates, gateway.port(), "closed.example"), "closed.example"))
                    .isEqualTo("200 closed");
            assertThat(answer(named(certificates, gateway.port(), "closed.example"), "open.example"))
                    .isEqualTo("200 closed");
            assertThat(answer(new Socket(InetAddress.getLoopbackAddress(), gateway.port()), "closed.example"))
                    .isEqualTo("421 Misdirected Request");
        }
    }

    @Test
    void overHttp2OnlyTheCallIsRefused() throws Exception {
        try (RunningGateway gateway = gateway("");
                Http2Browser browser =
                        new Http2Browser(Certificates.anonymous(certificates).connect(gateway.port(), parameters -> {
                            parameters.setServerNames(List.of(new SNIHostName("open.example")));
                            parameters.setApplicationProtocols(new String[] {"h2"});
                        }))) {
            byte[] body = {};
            assertThat(browser.post("/", body, ":authority", "closed.example").status())
                    .isEqualTo(421);
            assertThat(browser.post("/", body, ":authority", "open.example").status())
                    .isEqualTo(200);
        }
    }
}
