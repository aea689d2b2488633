package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.net.Socket;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where TLS to a backend names the host of the request, strangers choose the names: no more is open for that. */
class MadeUpHostsTest {
    private static final String CLUSTER = """
            circuit_breakers: { thresholds: [ { max_connections: 2 } ] }
            upstream_http_protocol_options: { auto_sni: true }
            transport_socket:
              name: envoy.transport_sockets.tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
            """;

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void certify() throws Exception {
        certificates = new Certificates(folder);
    }

    private static Http1Backend backend() throws Exception {
        return new Http1Backend(
                certificates.listen("http/1.1", false),
                request -> request.path().equals("/hold") ? "" : Http1Backend.OK);
    }

    private static Subject.Running gateway(Http1Backend backend) {
        return Subject.GATEWAY.start(new EnvoyFile(backend.port()).http1().with("CLUSTER", CLUSTER));
    }

    private static String hold(String host) {
        return "GET /hold HTTP/1.1\r\nhost: " + host + "\r\n\r\n";
    }

    private static String stats(Subject.Running gateway) {
        return gateway.page("/stats?filter=cluster.backend");
    }

    private static long open(Http1Backend backend) {
        return backend.connections().stream()
                .filter(Predicate.not(Socket::isClosed))
                .count();
    }

    @Test
    void eachOfThemIsServedAndTheConnectionOfTheOneBeforeEnds() throws Exception {
        try (Http1Backend backend = backend();
                Subject.Running gateway = gateway(backend);
                Http1Browser browser = new Http1Browser(gateway.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(browser.ask("GET", "/", "host", "h" + i + ".example").status())
                        .isEqualTo(200);
                // The socket of one that makes way may end a little later.
                await().until(() -> open(backend) <= 2);
            }
            assertThat(backend.connections()).hasSize(20);
            assertThat(browser.ask("GET", "/", "host", "h19.example").status()).isEqualTo(200);
            assertThat(browser.ask("GET", "/", "host", "H19.example.:81").status())
                    .isEqualTo(200);
            assertThat(backend.connections()).hasSize(20);
        }
    }

    @Test
    void aCallWaitsWhileAllConnectionsAreInUseUnderOtherNames() throws Exception {
        try (Http1Backend backend = backend();
                Subject.Running gateway = gateway(backend);
                Http1Browser one = new Http1Browser(gateway.port());
                Http1Browser two = new Http1Browser(gateway.port());
                Http1Browser three = new Http1Browser(gateway.port())) {
            one.raw(hold("h1.example"));
            backend.next();
            two.raw(hold("h2.example"));
            backend.next();
            three.raw("GET / HTTP/1.1\r\nhost: h3.example\r\n\r\n");
            await().until(() -> stats(gateway).contains("cluster.backend.upstream_rq_pending_active: 1\n"));
            assertThat(backend.connections()).hasSize(2);
            one.close();
            assertThat(three.next().readAll().status()).isEqualTo(200);
            assertThat(stats(gateway)).contains("cluster.backend.upstream_cx_active: 2\n");
        }
    }

    @Test
    void whatIsNoNameOfAHostMakesNoConnectionOfItsOwn() throws Exception {
        try (Http1Backend backend = backend();
                Subject.Running gateway = gateway(backend);
                Http1Browser browser = new Http1Browser(gateway.port())) {
            String[] hosts = {"10.1.2.3", "a..example", "-a.example", "a-.example", "x".repeat(64) + ".example"};
            for (String host : hosts) {
                assertThat(browser.ask("GET", "/", "host", host).status()).isEqualTo(200);
            }
            assertThat(backend.connections()).hasSize(1);
        }
    }
}
