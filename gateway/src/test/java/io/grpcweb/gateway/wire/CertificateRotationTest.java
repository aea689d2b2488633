package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Setup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates change a hundred times, as Kubernetes changes the files of a Secret, while clients connect all the time. */
@Tag("long")
class CertificateRotationTest {
    private static final int ROTATIONS = Integer.getInteger("rotations", 100);
    private static final int CLIENTS = 3;

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicReference<X509Certificate> shown = new AtomicReference<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger handshakes = new AtomicInteger();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        clients.shutdownNow();
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    void noHandshakeFails(@TempDir Path secret, @TempDir Path even, @TempDir Path odd) throws Exception {
        List<X509Certificate> certificates = new ArrayList<>();
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        List<Path> folders = new ArrayList<>();
        for (Path folder : List.of(even, odd)) {
            Certificates made = new Certificates(folder);
            X509Certificate certificate;
            try (var pem = new ByteArrayInputStream(made.chain().getBytes(StandardCharsets.US_ASCII))) {
                certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(pem);
            }
            certificates.add(certificate);
            trusted.setCertificateEntry(folder.toString(), certificate);
            folders.add(Files.createDirectory(secret.resolve(".." + folders.size())));
            Files.writeString(folders.get(folders.size() - 1).resolve("tls.crt"), made.chain());
            Files.writeString(folders.get(folders.size() - 1).resolve("tls.key"), made.key());
        }
        Path data = Files.createSymbolicLink(secret.resolve("..data"), folders.get(0));
        gateway = RunningGateway.of(Setup.parse("""
                listeners.main {
                  listen = "127.0.0.1:0", access-log = []
                  tls { certificate = "%1$s/tls.crt", key = "%1$s/tls.key" }
                  routes = [{ prefix = "/", respond.status = 200 }]
                }
                """.formatted(data)), 2);
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        context.init(null, trust.getTrustManagers(), null);
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(() -> connectAgainAndAgain(context));
        }

        for (int n = 1; n <= ROTATIONS; n++) {
            Path next = Files.createSymbolicLink(secret.resolve("..next"), folders.get(n % 2));
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
            X509Certificate wanted = certificates.get(n % 2);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> failure.get() != null || wanted.equals(shown.get()));
            assertThat(failure.get()).isNull();
        }
        assertThat(handshakes.get()).isGreaterThan(ROTATIONS);
    }

    /** Each time a handshake of its own, whole, and a request that is answered. */
    private void connectAgainAndAgain(SSLContext context) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try (SSLSocket socket = (SSLSocket)
                        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port())) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(new String[] {"http/1.1"});
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                    X509Certificate certificate =
                            (X509Certificate) socket.getSession().getPeerCertificates()[0];
                    socket.getSession().invalidate();
                    socket.getOutputStream()
                            .write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                    assertThat(answer).startsWith("HTTP/1.1 200");
                    shown.set(certificate);
                    handshakes.incrementAndGet();
                }
            }
        } catch (IOException | AssertionError e) {
            if (!clients.isShutdown()) {
                failure.compareAndSet(null, e);
            }
        }
    }
}
