package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file has backends be told of the client's certificate, in {@code x-forwarded-client-cert}. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ClientCertificateFieldsTest(Subject subject) {
    private static final String NAME = "x-forwarded-client-cert";
    private static final String CONTEXT = """
            transport_socket:
              name: envoy.transport_sockets.tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                common_tls_context:
                  tls_certificates: [ %s ]
                  validation_context: { trusted_ca: %s }
            """;

    @TempDir
    private static Path folder;

    private static Certificates gateway;
    private static Certificates client;
    private static Certificates plain;
    private static Certificates nobody;

    @BeforeAll
    static void make() throws Exception {
        gateway = made("gateway", "dns:localhost,ip:127.0.0.1,uri:spiffe://edge/gw,uri:spiffe://edge/gw2");
        client = made("client", "uri:spiffe://acme/alice,dns:alice.example,uri:spiffe://acme/b,dns:b.example")
                .trusting(gateway);
        plain = made("plain", "dns:plain.example").trusting(gateway);
        nobody = Certificates.anonymous(gateway);
    }

    private static Certificates made(String name, String names) throws Exception {
        return new Certificates(Files.createDirectory(folder.resolve(name)), "EC", names);
    }

    private Subject.Running start(Http1Backend backend, String manager) {
        String trusted = Certificates.yaml(client.chain() + plain.chain());
        return subject.start(new EnvoyFile(backend.port())
                .http1()
                .with("MANAGER", manager)
                .with("CHAIN", CONTEXT.formatted(gateway.yaml(), trusted)));
    }

    /** What the backend is told when each of the clients asks, with lines that came. */
    private String seen(String manager, Certificates who, String... lines) throws Exception {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running running = start(backend, manager);
                SSLSocket socket = who.connect(running.port());
                Http1Browser browser = new Http1Browser(socket)) {
            StringBuilder fields = new StringBuilder();
            for (String line : lines) {
                fields.append(NAME).append(": ").append(line).append("\r\n");
            }
            browser.raw("GET / HTTP/1.1\r\nhost: a\r\n" + fields + "\r\n");
            return backend.next().field(NAME);
        }
    }

    private static String details(String forwarding, String... details) {
        String manager = "forward_client_cert_details: " + forwarding;
        return details.length == 0
                ? manager
                : manager + "\nset_current_client_cert_details: { " + String.join(": true, ", details) + ": true }";
    }

    /** What is said of a client without further details. */
    private static String first(Certificates who) throws Exception {
        byte[] der = Base64.getMimeDecoder()
                .decode(who.chain().replaceAll("-----[A-Z ]+-----", "").strip());
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        return "By=spiffe://edge/gw;By=spiffe://edge/gw2;Hash=" + hash;
    }

    private static String pem(Certificates who) {
        return who.chain()
                .replace("\n", "%0A")
                .replace(" ", "%20")
                .replace("+", "%2B")
                .replace("/", "%2F")
                .replace("=", "%3D");
    }

    @Test
    void whatTheClientHasShownTakesThePlaceOfWhatCame() throws Exception {
        assertThat(seen(details("SANITIZE_SET"), client, "By=x;Hash=y")).isEqualTo(first(client));
        assertThat(seen(details("SANITIZE_SET", "dns", "uri", "subject"), client))
                .isEqualTo(first(client) + ";Subject=\"CN=localhost\";URI=spiffe://acme/alice;URI=spiffe://acme/b"
                        + ";DNS=alice.example;DNS=b.example");
        assertThat(seen(details("SANITIZE_SET", "chain", "cert"), client))
                .isEqualTo(first(client) + ";Cert=\"" + pem(client) + "\";Chain=\"" + pem(client) + "\"");
        assertThat(seen(details("SANITIZE_SET", "uri"), plain)).isEqualTo(first(plain) + ";URI=");
        assertThat(seen(details("SANITIZE_SET", "uri"), nobody, "By=x;Hash=y")).isNull();
    }

    @Test
    void whatTheClientHasShownIsAppended() throws Exception {
        String manager = details("APPEND_FORWARD", "subject");
        String own = first(client) + ";Subject=\"CN=localhost\"";
        assertThat(seen(manager, client)).isEqualTo(own);
        assertThat(seen(manager, client, "By=x;Hash=y", "By=z")).isEqualTo("By=x;Hash=y,By=z," + own);
        assertThat(seen(manager, nobody, "By=x;Hash=y")).isNull();
    }

    @Test
    void whatCameIsPassedOnOrTakenOff() throws Exception {
        assertThat(seen(details("FORWARD_ONLY", "uri"), client, "By=x", "By=y")).isEqualTo("By=x,By=y");
        assertThat(seen(details("FORWARD_ONLY"), nobody, "By=x")).isNull();
        assertThat(seen(details("ALWAYS_FORWARD_ONLY"), nobody, "By=x", "By=y")).isEqualTo("By=x,By=y");
        assertThat(seen(details("SANITIZE"), client, "By=x")).isNull();
    }
}
