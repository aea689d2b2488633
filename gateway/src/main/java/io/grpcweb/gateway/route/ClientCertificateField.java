package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.HttpConfig.ClientCertificate.Detail;
import io.grpcweb.gateway.http.CertificateText;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.TlsFacts;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What becomes of {@code x-forwarded-client-cert}, by which a proxy tells the next one whose certificate it has seen (Envoy's
 * conn_manager_utility, mutateXfccRequestHeader). Without a certificate of the client nothing is passed on, but where the
 * configuration says that the field is left as it came.
 */
final class ClientCertificateField {
    private static final AsciiString NAME = AsciiString.cached("x-forwarded-client-cert");

    private final HttpConfig.ClientCertificate settings;

    ClientCertificateField(HttpConfig.ClientCertificate settings) {
        this.settings = settings;
    }

    /** What this proxy says of a client: the same for all requests of a connection. */
    private record Element(String text) {}

    void apply(Http2Headers head, ConnectionInfo connection) {
        boolean shown = connection.tls() != null && connection.tls().peer() != null;
        switch (settings.forwarding()) {
            case SANITIZE -> head.remove(NAME);
            case ALWAYS_FORWARD_ONLY -> forward(head);
            case FORWARD_ONLY -> {
                if (shown) {
                    forward(head);
                } else {
                    head.remove(NAME);
                }
            }
            case SANITIZE_SET -> {
                head.remove(NAME);
                if (shown) {
                    head.set(NAME, own(connection));
                }
            }
            case APPEND_FORWARD -> {
                CharSequence before = FieldValues.joined(head, NAME);
                head.remove(NAME);
                if (shown) {
                    String own = own(connection);
                    head.set(NAME, before == null || before.isEmpty() ? own : before + "," + own);
                }
            }
        }
    }

    private static void forward(Http2Headers head) {
        CharSequence joined = FieldValues.joined(head, NAME);
        if (joined != null && joined != head.get(NAME)) {
            head.set(NAME, joined);
        }
    }

    private String own(ConnectionInfo connection) {
        return connection
                .parts()
                .of(this, Element.class, () -> new Element(text(connection.tls())))
                .text();
    }

    private String text(TlsFacts tls) {
        List<String> pairs = new ArrayList<>();
        if (tls.local() != null) {
            CertificateText.names(tls.local(), CertificateText.URI_NAME).forEach(uri -> pairs.add("By=" + uri));
        }
        pairs.add("Hash=" + CertificateText.fingerprint(tls.peer(), "SHA-256"));
        if (tells(Detail.CERT)) {
            pairs.add("Cert=\"" + CertificateText.pem(tls.peer()) + '"');
        }
        if (tells(Detail.CHAIN)) {
            pairs.add(tls.peerChain().stream()
                    .map(CertificateText::pem)
                    .collect(Collectors.joining("", "Chain=\"", "\"")));
        }
        if (tells(Detail.SUBJECT)) {
            pairs.add("Subject=\"" + CertificateText.subject(tls.peer()) + '"');
        }
        if (tells(Detail.URI)) {
            List<String> uris = CertificateText.names(tls.peer(), CertificateText.URI_NAME);
            // An empty one says that there is none, as in Envoy.
            (uris.isEmpty() ? List.of("") : uris).forEach(uri -> pairs.add("URI=" + uri));
        }
        if (tells(Detail.DNS)) {
            CertificateText.names(tls.peer(), CertificateText.DNS_NAME).forEach(name -> pairs.add("DNS=" + name));
        }
        return String.join(";", pairs);
    }

    private boolean tells(Detail detail) {
        return settings.details().contains(detail);
    }
}
