package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of a log of connections. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ConnectionLogFieldsTest(Subject subject) {
    private static final String OPERATORS =
            "%RESPONSE_FLAGS% %RESPONSE_CODE% %REQ(:METHOD)% %BYTES_RECEIVED% %BYTES_SENT%"
                    + " %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %REQUESTED_SERVER_NAME% %FILTER_CHAIN_NAME% %UPSTREAM_CLUSTER%";

    @TempDir
    private static Path folder;

    @Test
    void eachConnectionHasALineWhenItIsClosed() throws Exception {
        Path log = Files.createTempFile(folder, "connections", ".log");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CHAIN", "name: served")
                        .with("LISTENER", "access_log:\n" + EnvoyFile.fileLog(log, OPERATORS)))) {
            try (Http1Browser browser = new Http1Browser(gateway.port())) {
                browser.ask("GET", "/");
                browser.ask("GET", "/");
                assertThat(Files.readString(log)).isEmpty();
            }
            await().until(() -> !Files.readString(log).isEmpty());
            assertThat(Files.readString(log)).matches("- 0 - [1-9][0-9]* [1-9][0-9]* 127\\.0\\.0\\.1 - served -\n");
        }
    }

    private static void handshake(Certificates certificates, int port, String name)
            throws IOException, GeneralSecurityException {
        // A session of another server would be resumed with its name.
        try (SSLSocket socket = Certificates.anonymous(certificates)
                .connect(port, parameters -> parameters.setServerNames(List.of(new SNIHostName(name))))) {
            socket.startHandshake();
        }
    }

    @Test
    void aFilterMayChooseConnectionsThatNoChainIsFor() throws Exception {
        Path log = Files.createTempFile(folder, "connections", ".log");
        Certificates certificates = new Certificates(Files.createTempDirectory(folder, "certificates"));
        String inspector = """
                listener_filters:
                - name: inspector
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector }
                access_log:
                """;
        String filtered = EnvoyFile.fileLog(log, OPERATORS)
                .replace("- name: file\n", "- name: file\n  filter: { response_flag_filter: { flags: [ NR ] } }\n");
        String chain = """
                filter_chain_match: { server_names: [ served.test ] }
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                    common_tls_context: { tls_certificates: [ %s ] }
                """.formatted(certificates.yaml());
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CHAIN", chain)
                        .with("LISTENER", inspector + filtered))) {
            handshake(certificates, gateway.port(), "served.test");
            assertThatThrownBy(() -> handshake(certificates, gateway.port(), "other.test"))
                    .isInstanceOf(IOException.class);
            await().until(() -> !Files.readString(log).isEmpty());
            assertThat(Files.readString(log)).matches("NR 0 - [0-9]+ 0 127\\.0\\.0\\.1 other.test - -\n");
        }
    }
}
