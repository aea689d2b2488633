package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.LogWatch;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and keys are replaced under a running gateway. */
class CertificateReloadTest {
    private static final String PATH = "/wire.Service/Call";
    private static Certificates first;
    private static Certificates second;

    @TempDir
    Path files;

    private final LogWatch log = new LogWatch();

    @BeforeAll
    static void make(@TempDir Path one, @TempDir Path two) throws Exception {
        first = new Certificates(one);
        second = new Certificates(two);
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private void put(String name, String text) throws IOException {
        Path fresh = Files.writeString(files.resolve(name + ".new"), text);
        Files.move(fresh, files.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Only with the certificate that it trusts a client gets through. */
    private static boolean shows(Certificates certificates, int port) throws IOException {
        try (var socket = certificates.connect(port, "h2")) {
            return socket.getSession().isValid();
        } catch (SSLException e) {
            return false;
        }
    }

    private static void awaitShown(Certificates certificates, int port) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> shows(certificates, port));
    }

    @Test
    void newConnectionsOfBrowsersSeeTheNewCertificateAndABadPairChangesNothing() throws Exception {
        put("server.pem", first.chain());
        put("server.key", first.key());
        String text = """
                listeners.main {
                  listen = "127.0.0.1:0", access-log = [], tls { certificate = "%1$s/server.pem", key = "%1$s/server.key" }
                  routes = [{ prefix = "/", respond.status = 200 }]
                }
                """.formatted(files);
        try (RunningGateway gateway = RunningGateway.of(Setup.parse(text))) {
            assertThat(shows(first, gateway.port())).isTrue();

            put("server.key", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n");
            Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(log.warnings())
                    .anySatisfy(line ->
                            assertThat(line).contains("server.key", "cannot be used, what was read before stays")));
            assertThat(shows(first, gateway.port())).isTrue();

            put("server.pem", second.chain());
            put("server.key", second.key());
            awaitShown(second, gateway.port());
            assertThat(shows(first, gateway.port())).isFalse();
        }
    }

    @Test
    void aFolderThatIsALinkMayBeTurnedToAnother() throws Exception {
        Path old = Files.createDirectory(files.resolve("old"));
        Path young = Files.createDirectory(files.resolve("young"));
        put("old/tls.crt", first.chain());
        put("old/tls.key", first.key());
        put("young/tls.crt", second.chain());
        put("young/tls.key", second.key());
        Path link = Files.createSymbolicLink(files.resolve("live"), old);
        String text = """
                listeners.main {
                  listen = "127.0.0.1:0", access-log = [], tls { certificate = "%1$s/tls.crt", key = "%1$s/tls.key" }
                  routes = [{ prefix = "/", respond.status = 200 }]
                }
                """.formatted(link);
        try (RunningGateway gateway = RunningGateway.of(Setup.parse(text))) {
            assertThat(shows(first, gateway.port())).isTrue();
            Path turned = Files.createSymbolicLink(files.resolve("turned"), young);
            Files.move(turned, link, StandardCopyOption.ATOMIC_MOVE);
            awaitShown(second, gateway.port());
        }
    }

    @Test
    void backendsWithANewAuthorityAreTrustedWhenItsFileHasChanged() throws Exception {
        put("ca.pem", first.chain());
        try (ScriptedBackend backend =
                        new ScriptedBackend(second.listen()).on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
                RunningGateway gateway = RunningGateway.of(Setup.own(
                        "",
                        "tls { ca = \"" + files.resolve("ca.pem") + "\", sni = localhost }",
                        "127.0.0.1:" + backend.port()))) {
            assertThat(status(gateway)).isEqualTo("14");
            put("ca.pem", second.chain());
            Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(status(gateway))
                    .isEqualTo("0"));
        }
    }

    @Test
    void sessionsWithBackendsEndWithTheAuthorityThatTheyWereTrustedBy() throws Exception {
        put("ca.pem", first.chain());
        try (ScriptedBackend backend =
                        new ScriptedBackend(first.listen()).on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
                RunningGateway gateway = RunningGateway.of(Setup.own(
                        "",
                        "tls { ca = \"" + files.resolve("ca.pem")
                                + "\", sni = localhost }, requests-per-connection = 1",
                        "127.0.0.1:" + backend.port()))) {
            assertThat(status(gateway)).isEqualTo("0");
            assertThat(status(gateway)).isEqualTo("0");
            assertThat(gateway.stat("cluster.backend.ssl.handshake")).isEqualTo(2);
            assertThat(gateway.stat("cluster.backend.ssl.session_reused")).isEqualTo(1);
            put("ca.pem", second.chain());
            Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(status(gateway))
                    .isEqualTo("14"));
        }
    }

    private static String status(RunningGateway gateway) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            return browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto")
                    .grpcStatus();
        }
    }
}
