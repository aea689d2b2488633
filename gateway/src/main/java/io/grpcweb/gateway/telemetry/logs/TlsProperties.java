package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.http.CertificateText;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** {@code envoy.data.accesslog.v3.TLSProperties} of the client's connection. */
final class TlsProperties {
    private static final List<String> VERSIONS = List.of("", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    /** Kinds of names in RFC 5280 section 4.2.1.6, as Java counts them. */
    private static final int DNS_NAME = 2;

    private static final int URI_NAME = 6;

    private TlsProperties() {}

    /** Nothing in cleartext. */
    static void write(int field, ConnectionInfo connection, ProtoWriter out) {
        if (!connection.isTls()) {
            return;
        }
        int tls = out.open(field);
        out.whole(1, Math.max(0, VERSIONS.indexOf(connection.tls().version())));
        out.text(3, connection.serverName());
        certificate(4, connection.tls().local(), out);
        certificate(5, connection.tls().peer(), out);
        out.text(6, connection.tls().sessionId());
        out.close(tls);
    }

    private static void certificate(int field, X509Certificate certificate, ProtoWriter out) {
        if (certificate == null) {
            return;
        }
        int properties = out.open(field);
        names(certificate, out);
        out.text(2, CertificateText.subject(certificate));
        out.text(3, CertificateText.issuer(certificate));
        out.close(properties);
    }

    private static void names(X509Certificate certificate, ProtoWriter out) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            // A handshake does not need them, and a log goes on without.
            return;
        }
        if (names == null) {
            return;
        }
        for (List<?> name : names) {
            int field = name.get(0).equals(URI_NAME) ? 1 : name.get(0).equals(DNS_NAME) ? 2 : 0;
            if (field != 0) {
                int one = out.open(1);
                out.text(field, name.get(1).toString());
                out.close(one);
            }
        }
    }
}
