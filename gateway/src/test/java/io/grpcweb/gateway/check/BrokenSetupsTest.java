package io.grpcweb.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.PageCalls;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.FreePort;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.upstream.discovery.DnsServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a set-up, the check names its cause and what to change, each time from outside. */
class BrokenSetupsTest {
    private static final String HEALTH = "/grpc.health.v1.Health/Check";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** With what never answers. */
    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(10);

    private static final String ORIGIN = "cors.origins = [\"https://app.example\"]";

    @TempDir
    private static Path folder;

    private static Certificates known;
    private static Certificates elsewhere;
    private static Certificates expired;
    private static Path knownCa;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ScriptedBackend backend = new ScriptedBackend();

    @BeforeAll
    static void certify() throws Exception {
        known = new Certificates(Files.createDirectory(folder.resolve("known")));
        elsewhere = new Certificates(Files.createDirectory(folder.resolve("else")), "EC", "dns:other.example");
        expired = new Certificates(
                Files.createDirectory(folder.resolve("old")),
                "EC",
                "dns:localhost,ip:127.0.0.1",
                "-startdate",
                "-9d",
                "-validity",
                "2");
        knownCa = Files.writeString(folder.resolve("known.pem"), known.chain());
    }

    @AfterEach
    void stop() {
        backend.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static List<Finding> check(GatewayConfig config, Surroundings around) {
        try {
            return new Checkup(around, PageCalls.of(FilterKinds.ALL, config.node(), config.errorFormat())).of(config);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Finding> own(String text, boolean inContainer, String... origins) throws Exception {
        return check(
                Configs.parse(text, "test.conf"),
                new Surroundings(Words.OWN, inContainer, PATIENCE, true, List.of(origins)));
    }

    private static List<Finding> envoy(EnvoyFile file) throws Exception {
        return check(
                EnvoyBootstrap.read(Optional.empty(), Optional.of(file.text()), Configs.envoy(false, false)),
                new Surroundings(Words.ENVOY, false, PATIENCE, true, List.of()));
    }

    /** A listener for one page, and a cluster with these keys. */
    private static List<Finding> cluster(String keys) throws Exception {
        return own(
                "listeners.main { listen = \"127.0.0.1:0\", " + ORIGIN + " }\nclusters.backend { " + keys + " }",
                false);
    }

    private static List<Finding> endpoint(int port, String more) throws Exception {
        return cluster("endpoints = [\"127.0.0.1:" + port + "\"]\n" + more);
    }

    /** The same for a server that does not answer some of what is tried. */
    private static List<Finding> impatiently(int port, String more) throws Exception {
        GatewayConfig config = Configs.parse(
                "listeners.main { listen = \"127.0.0.1:0\", " + ORIGIN
                        + " }\nclusters.backend { endpoints = [\"127.0.0.1:" + port + "\"]\n" + more + " }",
                "test.conf");
        return check(config, new Surroundings(Words.OWN, false, LITTLE_PATIENCE, true, List.of()));
    }

    /** The one thing that breaks calls says this. */
    private static void assertBroken(List<Finding> findings, String... words) {
        List<String> broken =
                findings.stream().filter(Finding::breaks).map(Finding::toString).toList();
        assertThat(broken).as("%s", findings).hasSize(1);
        assertThat(broken.get(0)).contains(words);
    }

    private List<Finding> named(DnsServer dns, String more) throws Exception {
        return cluster("endpoints = [\"backend.test:50051\"], dns { servers = [\"127.0.0.1:" + dns.port()
                + "\"], search = false, timeout = 500ms" + more + " }");
    }

    @Test
    void nothingIsFoundWhereNothingIsBroken() throws Exception {
        backend.on(HEALTH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.message(new byte[] {8, 1})).trailers("grpc-status", "0");
        });
        assertThat(endpoint(Described.with(backend, "shop", "Orders").port(), ""))
                .isEmpty();
    }

    @Test
    void aNameThatDoesNotExist() throws Exception {
        try (DnsServer dns = new DnsServer(group)) {
            assertBroken(
                    named(dns, ""),
                    "test.conf:2",
                    "clusters.backend",
                    "backend.test:50051",
                    "there is no such name \"backend.test\"",
                    "correct the name");
        }
    }

    @Test
    void aNameServerThatIsSilent() throws Exception {
        try (DnsServer dns = new DnsServer(group)) {
            dns.fallSilent();
            assertBroken(named(dns, ""), "no name server answers the question for \"backend.test\"", "dns.servers");
        }
    }

    @Test
    void aNameServerThatRefuses() throws Exception {
        try (DnsServer dns = new DnsServer(group)) {
            dns.failWith(DnsResponseCode.REFUSED);
            assertBroken(named(dns, ""), "the name servers give no address for \"backend.test\"");
        }
    }

    @Test
    void aNameOfTheOtherFamily() throws Exception {
        try (DnsServer dns = new DnsServer(group)) {
            dns.put("backend.test", "fd00::7");
            assertBroken(
                    named(dns, ", family = v4-only"),
                    "has IPv6 addresses alone",
                    "fd00:0:0:0:0:0:0:7",
                    "the cluster asks for IPv4",
                    "dns.family = auto");
        }
    }

    @Test
    void aNameThatIsServedInTheOtherFamily() throws Exception {
        try (DnsServer dns = new DnsServer(group)) {
            dns.put("backend.test", "127.0.0.1", "::1");
            assertBroken(
                    cluster("endpoints = [\"backend.test:" + backend.port() + "\"], dns { servers = [\"127.0.0.1:"
                            + dns.port() + "\"], search = false, family = auto }"),
                    "while the same name is served at 127.0.0.1",
                    "dns.family = v4-only");
        }
    }

    @Test
    void aNameWithoutServices() throws Exception {
        try (DnsServer dns = new DnsServer(group)) {
            assertBroken(
                    cluster("endpoints = [\"srv:_grpc._tcp.backend.test\"], dns { servers = [\"127.0.0.1:" + dns.port()
                            + "\"], search = false, timeout = 500ms }"),
                    "has no SRV records",
                    "dig SRV _grpc._tcp.backend.test");
        }
    }

    @Test
    void nobodyListens() throws Exception {
        int port = FreePort.take();
        assertBroken(endpoint(port, ""), "127.0.0.1:" + port, "the connection is refused", "start the backend");
    }

    @Test
    void loopbackInsideAContainer() throws Exception {
        int port = FreePort.take();
        assertBroken(
                own(
                        "listeners.main { listen = \"127.0.0.1:0\", " + ORIGIN
                                + " }\nclusters.backend.endpoints = [\"localhost:" + port + "\"]",
                        true),
                "localhost:" + port,
                "inside a container a loopback address is the container itself",
                "host.docker.internal");
    }

    @Test
    void noSocketFile() throws Exception {
        assertBroken(
                cluster("endpoints = [\"unix:" + folder.resolve("no.sock") + "\"]"),
                "no.sock",
                "nobody listens on this socket file");
    }

    @Test
    void aServerThatIsSilent() throws Exception {
        try (Stranger silent = new Stranger("", false)) {
            assertBroken(impatiently(silent.port(), ""), "says nothing, not even the SETTINGS frame");
        }
    }

    @Test
    void aServerThatClosesAtOnce() throws Exception {
        try (Stranger curt = new Stranger("", true)) {
            assertBroken(endpoint(curt.port(), ""), "takes the connection and closes it without a word");
        }
    }

    @Test
    void aServerOfSomethingElse() throws Exception {
        try (Stranger mail = new Stranger("220 mail.example ESMTP\r\n", false)) {
            assertBroken(endpoint(mail.port(), ""), "its first bytes are 323230206d61696c");
        }
    }

    @Test
    void aServerOfHttp1() throws Exception {
        try (Http1Backend web = new Http1Backend()) {
            assertBroken(endpoint(web.port(), ""), "it speaks HTTP/1.1, and gRPC needs HTTP/2", "protocol = http1");
        }
    }

    @Test
    void aServerOfHttp1ThatIsSaidToSpeakTls() throws Exception {
        try (Http1Backend web = new Http1Backend()) {
            assertBroken(impatiently(web.port(), "tls = true"), "it speaks HTTP/1.1 in cleartext", "take the tls");
        }
    }

    @Test
    void tlsInFrontOfCleartext() throws Exception {
        assertBroken(
                endpoint(backend.port(), "tls = true"),
                "it speaks HTTP/2 in cleartext, and the cluster is configured with TLS",
                "take the tls of the cluster away");
    }

    @Test
    void cleartextInFrontOfTls() throws Exception {
        try (ScriptedBackend secured = new ScriptedBackend(known.listen())) {
            assertBroken(
                    endpoint(secured.port(), ""),
                    "it wants TLS, and the cluster is configured in cleartext",
                    "its certificate is for localhost",
                    "tls = true");
        }
    }

    @Test
    void anAuthorityThatNobodyKnows() throws Exception {
        try (ScriptedBackend secured = new ScriptedBackend(known.listen())) {
            assertBroken(
                    endpoint(secured.port(), "tls = true"),
                    "is signed by itself, and is not among those of the system",
                    "name the CA in tls.ca");
        }
    }

    @Test
    void aCertificateForAnotherName() throws Exception {
        Path ca = Files.writeString(folder.resolve("else.pem"), elsewhere.chain());
        try (ScriptedBackend secured = new ScriptedBackend(elsewhere.listen())) {
            assertBroken(
                    endpoint(secured.port(), "tls { ca = \"" + ca + "\", sni = localhost }"),
                    "is not for the name \"localhost\" that is asked for, but for other.example",
                    "tls.sni = \"other.example\"");
        }
    }

    @Test
    void aCertificateThatHasExpired() throws Exception {
        try (ScriptedBackend secured = new ScriptedBackend(expired.listen())) {
            assertBroken(
                    endpoint(secured.port(), "tls = true"),
                    "its certificate (CN=localhost) has expired on",
                    "and its certificate (CN=localhost) is signed by itself",
                    "renew");
        }
    }

    @Test
    void aCertificateThatHasExpiredAndIsTrustedItself() throws Exception {
        Path ca = Files.writeString(folder.resolve("old.pem"), expired.chain());
        try (ScriptedBackend secured = new ScriptedBackend(expired.listen())) {
            assertThat(endpoint(secured.port(), "tls { ca = \"" + ca + "\" }"))
                    .extracting(Finding::toString)
                    .anyMatch(text -> text.startsWith("warning") && text.contains("has expired on"));
        }
    }

    @Test
    void aClientCertificateIsWanted() throws Exception {
        try (ScriptedBackend secured = new ScriptedBackend(known.listen("h2", true))) {
            assertBroken(
                    endpoint(secured.port(), "tls { ca = \"" + knownCa + "\" }"),
                    "it wants a client certificate (mutual TLS), and the cluster has none",
                    "tls.certificate and tls.key");
        }
    }

    @Test
    void aClientCertificateIsWantedBeforeTls13() throws Exception {
        try (ScriptedBackend secured = new ScriptedBackend(known.listen("h2", true, "TLSv1.2"))) {
            assertBroken(
                    endpoint(secured.port(), "tls { ca = \"" + knownCa + "\" }"),
                    "it wants a client certificate (mutual TLS), and the cluster has none");
        }
    }

    @Test
    void aClientCertificateIsRefused() throws Exception {
        Path own = Files.writeString(folder.resolve("own.pem"), elsewhere.chain());
        Path key = Files.writeString(folder.resolve("own.key"), elsewhere.key());
        try (ScriptedBackend secured = new ScriptedBackend(known.listen("h2", true))) {
            assertBroken(
                    endpoint(
                            secured.port(),
                            "tls { ca = \"" + knownCa + "\", certificate = \"" + own + "\", key = \"" + key + "\" }"),
                    "it refuses the certificate that the gateway shows");
        }
    }

    @Test
    void versionsOfTlsThatDoNotMeet() throws Exception {
        try (ScriptedBackend secured = new ScriptedBackend(known.listen("h2", false, "TLSv1.2"))) {
            assertBroken(
                    endpoint(secured.port(), "tls { ca = \"" + knownCa + "\", min-version = \"TLSv1.3\" }"),
                    "the TLS handshake fails",
                    "compare the TLS versions");
        }
    }

    @Test
    void aServerThatDoesNotChooseHttp2() throws Exception {
        try (ScriptedBackend secured = new ScriptedBackend(known.listen("http/1.1", false))) {
            assertBroken(
                    endpoint(secured.port(), "protocol = auto, tls { ca = \"" + knownCa + "\" }"),
                    "it does not choose h2 by ALPN but http/1.1",
                    "switch HTTP/2 on in the server");
        }
    }

    @Test
    void aClusterThatIsNotSaidToSpeakHttp2() throws Exception {
        assertBroken(
                envoy(new EnvoyFile(backend.port()).http1()),
                "it speaks HTTP/2, and the cluster is configured with HTTP/1.1",
                "http2_protocol_options");
    }

    @Test
    void aBackendThatIsNotServing() throws Exception {
        backend.on(HEALTH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.message(new byte[] {8, 2})).trailers("grpc-status", "0");
        });
        assertBroken(endpoint(backend.port(), ""), "its health service says that it is not serving");
    }

    @Test
    void aHealthCheckWithoutAHealthService() throws Exception {
        assertBroken(
                endpoint(backend.port(), "health-checks = [{ kind = grpc }]"),
                "it has no health service",
                "take health-checks away");
    }

    @Test
    void aHealthCheckForAServiceThatIsNotRegistered() throws Exception {
        backend.on(HEALTH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "5");
        });
        assertBroken(
                endpoint(backend.port(), "health-checks = [{ kind = grpc, service = \"shop.Orders\" }]"),
                "does not know the service \"shop.Orders\"");
    }

    @Test
    void aHealthCheckOverHttp1() throws Exception {
        assertBroken(
                endpoint(backend.port(), "health-checks = [{ kind = http, path = \"/healthz\", http2 = false }]"),
                "a health check asks it over HTTP/1.1",
                "kind = grpc");
    }

    @Test
    void aRouteToAServiceThatTheBackendDoesNotHave() throws Exception {
        Described.with(backend, "shop", "Orders");
        List<Finding> findings = own(
                "listeners.main { listen = \"127.0.0.1:0\", " + ORIGIN
                        + ", routes = [{ prefix = \"/shop.Order/\", cluster = backend }] }\n"
                        + "clusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]",
                false);
        assertBroken(findings, "test.conf:1", "the backend has no service shop.Order", "did you mean 'shop.Orders'?");
        assertThat(findings)
                .extracting(Finding::toString)
                .anyMatch(text -> text.contains("no route reaches its service shop.Orders")
                        && text.contains("{ prefix = \"/shop.Orders/\", cluster = backend }"));
    }

    @Test
    void aRouteThatIsHidden() throws Exception {
        List<Finding> findings = own(
                "listeners.main { listen = \"127.0.0.1:0\", " + ORIGIN
                        + ", routes = [{ cluster = backend },\n { prefix = \"/shop.Orders/\", cluster = backend }] }\n"
                        + "clusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]",
                false);
        assertThat(findings)
                .extracting(Finding::toString)
                .anyMatch(text -> text.contains("test.conf:2")
                        && text.contains("no call reaches it, since the route before it takes them (test.conf:1"));
    }

    @Test
    void anAddressThatThisMachineDoesNotHave() throws Exception {
        assertBroken(
                own(
                        "listeners.main { listen = \"192.0.2.1:8080\", " + ORIGIN
                                + " }\nclusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]",
                        false),
                "cannot listen on 192.0.2.1:8080",
                "write an address of this machine");
    }

    @Test
    void aPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertBroken(
                    own(
                            "listeners.main { listen = \"127.0.0.1:" + taken.getLocalPort() + "\", " + ORIGIN
                                    + " }\nclusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]",
                            false),
                    "listener main",
                    "cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aClusterThatIsTheGatewayItself() throws Exception {
        int port = FreePort.take();
        assertThat(own(
                        "listeners.main { listen = \"0.0.0.0:" + port + "\", " + ORIGIN
                                + " }\nclusters.backend.endpoints = [\"localhost:" + port + "\"]",
                        false))
                .extracting(Finding::toString)
                .anyMatch(text -> text.contains("this is the listener main itself"));
    }

    private EnvoyFile page(String policy) {
        return new EnvoyFile(backend.port()).with("FILTERS", """
            - name: envoy.filters.http.cors
              typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors }
            """).with("HOST", policy(policy));
    }

    private static String policy(String fields) {
        return """
            typed_per_filter_config:
              envoy.filters.http.cors:
                "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
                allow_origin_string_match: [{ exact: "%s" }]
                %s
            """.formatted("https://app.example", fields);
    }

    private static final String HEADERS = "allow_headers: content-type,x-grpc-web,x-user-agent,grpc-timeout\n    ";

    @Test
    void fieldsThatAPageMayNotSend() throws Exception {
        assertBroken(
                envoy(page("allow_headers: content-type\n    expose_headers: grpc-status,grpc-message")),
                "a page of https://app.example may not send x-grpc-web, x-user-agent",
                "allow_headers");
    }

    @Test
    void aStatusThatAPageMayNotRead() throws Exception {
        assertBroken(
                envoy(page(HEADERS + "expose_headers: x-other")),
                "cannot read grpc-status and grpc-message of a call that fails",
                "expose_headers");
    }

    @Test
    void aPolicyThatNoFilterCarriesOut() throws Exception {
        assertBroken(
                own(
                        "listeners.main { listen = \"127.0.0.1:0\", " + ORIGIN
                                + ", filters = [grpc-web, router] }\nclusters.backend.endpoints = [\"127.0.0.1:"
                                + backend.port() + "\"]",
                        false),
                "a page of https://app.example may not call",
                "add cors to filters");
    }

    @Test
    void anOriginThatNoBrowserSends() throws Exception {
        EnvoyFile file = page(HEADERS + "expose_headers: grpc-status,grpc-message");
        assertThat(check(
                        EnvoyBootstrap.read(
                                Optional.empty(),
                                Optional.of(file.text().replace("https://app.example", "https://app.example/")),
                                Configs.envoy(false, false)),
                        new Surroundings(Words.ENVOY, false, PATIENCE, true, List.of())))
                .extracting(Finding::toString)
                .anyMatch(text -> text.contains("no browser ever sends the origin \"https://app.example/\""));
    }

    @Test
    void nothingTranslates() throws Exception {
        String text = page(HEADERS + "expose_headers: grpc-status,grpc-message")
                .text()
                .replaceAll("(?m)^ *- name: envoy.filters.http.grpc_web\\n.*GrpcWeb \\}\\n", "");
        assertBroken(
                check(
                        EnvoyBootstrap.read(Optional.empty(), Optional.of(text), Configs.envoy(false, false)),
                        new Surroundings(Words.ENVOY, false, PATIENCE, true, List.of())),
                "calls of gRPC-Web go to the backend as they are",
                "envoy.filters.http.grpc_web");
    }

    @Test
    void aPageThatIsForgotten() throws Exception {
        assertBroken(
                own(
                        "listeners.main { listen = \"127.0.0.1:0\", " + ORIGIN
                                + " }\nclusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]",
                        false,
                        "http://localhost:3000"),
                "a page of http://localhost:3000 may not call",
                "cors.origins");
    }
}
