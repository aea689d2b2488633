package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS with ALPN towards browsers, and TLS towards backends. */
class TlsTest {
    private static final String PATH = "/wire.Service/Call";

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
    }

    private static void echo(BackendCall seen) {
        byte[] body = seen.awaitEnd();
        seen.head().data(body).trailers("grpc-status", "0");
    }

    @ParameterizedTest
    @CsvSource({"h2, h2", "http/1.1, http/1.1", "'', ''"})
    void theProtocolIsNegotiated(String offered, String chosen) throws Exception {
        String[] alpn = offered.isEmpty() ? new String[0] : new String[] {offered};
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, TlsTest::echo);
                RunningGateway gateway =
                        RunningGateway.of(Setup.secured(certificates, Setup.of(ErrorFormat.BROWSER, backend.port())));
                SSLSocket socket = certificates.connect(gateway.port(), alpn);
                Browser browser = chosen.equals("h2") ? new Http2Browser(socket) : new Http1Browser(socket)) {
            assertThat(socket.getApplicationProtocol()).isEqualTo(chosen);
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F3, Frames.T0));
            assertThat(backend.next().header("x-forwarded-proto")).isEqualTo("https");
        }
    }

    @Test
    void aBackendBehindTlsIsCalled() throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend(certificates.listen()).on(PATH, TlsTest::echo);
                RunningGateway gateway =
                        RunningGateway.of(Setup.trusting(certificates, Setup.of(ErrorFormat.BROWSER, backend.port())));
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.body()).as(answer.toString()).isEqualTo(Frames.concat(Frames.F3, Frames.T0));
        }
    }

    @Test
    void aBackendBehindTlsIsAskedForItsHealthOverTls(@TempDir Path files) throws Exception {
        Path authority = Files.writeString(files.resolve("ca.pem"), certificates.chain());
        try (ScriptedBackend backend = new ScriptedBackend(certificates.listen())
                        .on("/wire.Service/Call", seen -> seen.trailersOnly("grpc-status", "0"))
                        .on("/grpc.health.v1.Health/Check", seen -> {
                            seen.awaitEnd();
                            seen.head().data(Frames.F2).trailers("grpc-status", "0");
                        });
                RunningGateway gateway = RunningGateway.of(Setup.own(
                        "",
                        "tls { ca = \"" + authority + "\", sni = localhost }, balancer.panic-threshold = 0\n"
                                + "health-checks = [{ kind = grpc, interval = 100ms, timeout = 30s }]",
                        "127.0.0.1:" + backend.port()));
                Browser browser = Browser.connect(2, gateway.port())) {
            // Without a good check there would be no healthy endpoint, and so no answer.
            Answer answer = browser.post("/wire.Service/Call", Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.grpcStatus()).isEqualTo("0");
        }
    }
}
