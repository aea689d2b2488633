package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which of several certificates of an Envoy file a browser is shown. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record CertificateChoiceFieldsTest(Subject subject) {
    private static final String TLS = """
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                common_tls_context: { tls_certificates: [ %s ] }
            """;

    @TempDir
    private static Path folder;

    private static Certificates one;
    private static Certificates wild;
    private static Certificates rsa;

    @BeforeAll
    static void make() throws Exception {
        one = new Certificates(Files.createDirectory(folder.resolve("one")), "EC", "dns:one.test,dns:x.wild.test");
        wild = new Certificates(Files.createDirectory(folder.resolve("wild")), "EC", "dns:*.wild.test");
        rsa = new Certificates(Files.createDirectory(folder.resolve("rsa")), "RSA", "dns:one.test,dns:rsa.test");
    }

    private Subject.Running start(Certificates... certificates) {
        String all = Stream.of(certificates).map(Certificates::yaml).collect(Collectors.joining(", "));
        return subject.start(new EnvoyFile(1)
                .with("CHAIN", TLS.formatted(all))
                .with("ROUTES", "- match: { prefix: / }\n  direct_response: { status: 200 }"));
    }

    /** Which certificate is shown to a browser that asks for this name. */
    private static Certificates shown(int port, String... name) throws GeneralSecurityException {
        AssertionError refusal = new AssertionError("no certificate for " + List.of(name));
        for (Certificates each : List.of(one, wild, rsa)) {
            List<SNIServerName> names =
                    Stream.of(name).<SNIServerName>map(SNIHostName::new).toList();
            try (SSLSocket socket =
                    Certificates.anonymous(each).connect(port, parameters -> parameters.setServerNames(names))) {
                assertThat(socket.isConnected()).isTrue();
                return each;
            } catch (IOException e) {
                refusal.addSuppressed(e);
            }
        }
        throw refusal;
    }

    @Test
    void theServerNameChooses() throws Exception {
        try (Subject.Running gateway = start(rsa, one, wild)) {
            assertThat(shown(gateway.port(), "rsa.test")).isSameAs(rsa);
            assertThat(shown(gateway.port(), "RSA.test")).isSameAs(rsa);
            assertThat(shown(gateway.port(), "y.wild.test")).isSameAs(wild);
            assertThat(shown(gateway.port(), "x.wild.test")).isSameAs(one);
            assertThat(shown(gateway.port(), "z.y.wild.test")).isSameAs(rsa);
            assertThat(shown(gateway.port(), "other.test")).isSameAs(rsa);
        }
    }

    @Test
    void ofTwoForOneNameTheOneWithAnEcdsaKeyIsShown() throws Exception {
        try (Subject.Running gateway = start(rsa, one)) {
            assertThat(shown(gateway.port(), "one.test")).isSameAs(one);
            assertThat(shown(gateway.port())).isSameAs(one);
        }
        try (Subject.Running gateway = start(wild, one)) {
            assertThat(shown(gateway.port())).isSameAs(wild);
        }
    }
}
