package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of TLS with browsers. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record DownstreamTlsFieldsTest(Subject subject) {
    private static final String CONTEXT = """
            transport_socket:
              name: envoy.transport_sockets.tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                %s
                common_tls_context:
                  %s
            """;

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Certificates others;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
        others = new Certificates(Files.createDirectory(folder.resolve("others")));
    }

    @Test
    void aHandshakeMustBeDoneInTime() throws IOException {
        String chain = "transport_socket_connect_timeout: 0.3s\n"
                + CONTEXT.formatted("", "tls_certificates: [ " + certificates.yaml() + " ]");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("CHAIN", chain));
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
                Socket begun = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            silent.setSoTimeout(10_000);
            begun.setSoTimeout(10_000);
            // The header of a record whose content never comes.
            begun.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1, 0});
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(begun.getInputStream().read()).isEqualTo(-1);
        }
    }

    private Subject.Running start(Http1Backend backend, String context, String... common) {
        String fields = "tls_certificates: [ " + certificates.yaml() + " ]\n" + String.join("\n", common);
        return subject.start(new EnvoyFile(backend.port())
                .http1()
                .with("CHAIN", CONTEXT.formatted(context, fields.replace("\n", "\n      "))));
    }

    /** Whether a request of this client is answered. */
    private static boolean isServed(Certificates client, int port) {
        try (SSLSocket socket = client.connect(port);
                Http1Browser browser = new Http1Browser(socket)) {
            return browser.ask("GET", "/").status() == 200;
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
    }

    private static String agreed(int port, String protocol, String... ciphers) throws IOException {
        try (SSLSocket socket = certificates.connect(port, parameters -> {
            parameters.setProtocols(new String[] {protocol});
            if (ciphers.length > 0) {
                parameters.setCipherSuites(ciphers);
            }
        })) {
            return socket.getSession().getCipherSuite();
        } catch (SSLException e) {
            return "none";
        }
    }

    @Test
    void aCertificateOfTheAuthorityIsRequiredWhereTheFileSaysSo() throws Exception {
        String authority = "validation_context: { trusted_ca: " + certificates.chainYaml() + " }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, "require_client_certificate: true", authority)) {
            assertThat(isServed(certificates, gateway.port())).isTrue();
            assertThat(isServed(others.trusting(certificates), gateway.port())).isFalse();
            assertThat(isServed(Certificates.anonymous(certificates), gateway.port()))
                    .isFalse();
        }
    }

    @Test
    void aCertificateThatIsNotRequiredMustBeOfTheAuthorityAllTheSame() throws Exception {
        String authority = "validation_context: { trusted_ca: " + certificates.chainYaml() + " }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, "", authority)) {
            assertThat(isServed(certificates, gateway.port())).isTrue();
            assertThat(isServed(others.trusting(certificates), gateway.port())).isFalse();
            assertThat(isServed(Certificates.anonymous(certificates), gateway.port()))
                    .isTrue();
        }
    }

    @Test
    void aKeyMayBeEncrypted() throws Exception {
        String tls = "tls_certificates: [ { certificate_chain: { filename: \"" + resource("encrypted.pem")
                + "\" }, private_key: { filename: \"" + resource("encrypted.key")
                + "\" }, password: { inline_string: secret } } ]";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).http1().with("CHAIN", CONTEXT.formatted("", tls)))) {
            // It is shown, and nobody trusts it.
            assertThatThrownBy(() -> certificates.connect(gateway.port())).hasMessageContaining("PKIX");
        }
    }

    private static Path resource(String name) throws Exception {
        return Path.of(DownstreamTlsFieldsTest.class.getResource(name).toURI());
    }

    @Test
    void versionsStayBetweenTheTwoOfTheFile() throws Exception {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, "", "tls_params: { tls_minimum_protocol_version: TLSv1_3 }")) {
            assertThat(agreed(gateway.port(), "TLSv1.2")).isEqualTo("none");
            assertThat(agreed(gateway.port(), "TLSv1.3")).isNotEqualTo("none");
        }
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, "", "tls_params: { tls_maximum_protocol_version: TLSv1_2 }")) {
            assertThat(agreed(gateway.port(), "TLSv1.2")).isNotEqualTo("none");
            assertThat(agreed(gateway.port(), "TLSv1.3")).isEqualTo("none");
        }
    }

    @Test
    void theCiphersOfTheFileAreServed() throws Exception {
        String other = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
        String wanted = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        start(backend, "", "tls_params: { cipher_suites: [ ECDHE-ECDSA-AES256-GCM-SHA384 ] }")) {
            assertThat(agreed(gateway.port(), "TLSv1.2", other, wanted)).isEqualTo(wanted);
            assertThat(agreed(gateway.port(), "TLSv1.2", other)).isEqualTo("none");
            assertThat(agreed(gateway.port(), "TLSv1.3")).startsWith("TLS_AES");
        }
    }

    @Test
    void theCurvesOfTheFileAreServed() throws Exception {
        Assumptions.assumeTrue(OpenSsl.isAvailable(), "the JDK's TLS cannot be told which curves to use");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, "", "tls_params: { ecdh_curves: [ P-384 ] }")) {
            assertThat(isAgreed(gateway.port(), "P-384")).isTrue();
            assertThat(isAgreed(gateway.port(), "P-256")).isFalse();
        }
    }

    /** Whether a client that knows this curve alone comes to terms. */
    private static boolean isAgreed(int port, String curve) throws Exception {
        SslContext context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm("")
                .option(OpenSslContextOption.GROUPS, new String[] {curve})
                .build();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            SslHandler[] handler = new SslHandler[1];
            Channel channel = new Bootstrap()
                    .group(loops)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel fresh) {
                            handler[0] = context.newHandler(fresh.alloc());
                            fresh.pipeline().addLast(handler[0], new QuietEnd());
                        }
                    })
                    .connect("127.0.0.1", port)
                    .sync()
                    .channel();
            boolean agreed = handler[0].handshakeFuture().await().isSuccess();
            channel.close().sync();
            return agreed;
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void theCertificateMayBeASecretOfTheFile() throws Exception {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("RESOURCES", "secrets: [ { name: own, tls_certificate: " + certificates.yaml() + " } ]")
                        .with(
                                "CHAIN",
                                CONTEXT.formatted("", "tls_certificate_sds_secret_configs: [ { name: own } ]")))) {
            assertThat(isServed(certificates, gateway.port())).isTrue();
        }
    }

    @Test
    void certificatesMayBeInFilesAndInTheEnvironment() throws Exception {
        Path chain = Files.writeString(folder.resolve("chain.pem"), certificates.chain());
        Path key = Files.writeString(folder.resolve("key.pem"), certificates.key());
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).http1().with("CHAIN", CONTEXT.formatted("", """
                                tls_certificates:
                                - certificate_chain: { filename: %s }
                                  private_key: { inline_bytes: %s }""".formatted(
                                        chain, java.util.Base64.getEncoder().encodeToString(Files.readAllBytes(key)))
                                .replace("\n", "\n      "))))) {
            assertThat(isServed(certificates, gateway.port())).isTrue();
        }
    }

    /** The future of the handshake tells what went wrong. */
    private static final class QuietEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    @Test
    void aConnectionThatGoesOnWithASessionIsCounted() throws Exception {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, "")) {
            assertThat(isServed(certificates, gateway.port())).isTrue();
            assertThat(isServed(certificates, gateway.port())).isTrue();
            await().untilAsserted(
                            () -> assertThat(gateway.page("/stats?filter=^listener.*ssl.(handshake|session_reused)$"))
                                    .matches("(?s)listener.*ssl.handshake: 2\nlistener.*ssl.session_reused: 1\n"));
        }
    }
}
