package io.grpcweb.gateway.match;

import io.grpcweb.gateway.http.CertificateText;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The names in a certificate (RFC 5280 sections 4.1.2.6 and 4.2.1.6). */
final class CertificateNames {
    private static final int EMAIL_NAME = 1;
    private static final int DNS_NAME = 2;
    private static final int URI_NAME = 6;
    private static final int IP_NAME = 7;

    private CertificateNames() {}

    /** Those of one kind, in their order; none without a certificate, and none of alternative names that are broken. */
    static List<String> of(X509Certificate certificate, Condition.ClientName.Kind kind) {
        if (certificate == null) {
            return List.of();
        }
        return switch (kind) {
            case SUBJECT -> List.of(CertificateText.subject(certificate));
            case URI -> alternatives(certificate, URI_NAME);
            case DNS -> alternatives(certificate, DNS_NAME);
            case EMAIL -> alternatives(certificate, EMAIL_NAME);
            case IP -> alternatives(certificate, IP_NAME);
        };
    }

    private static List<String> alternatives(X509Certificate certificate, int kind) {
        List<String> found = new ArrayList<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (name.get(0).equals(kind)) {
                        found.add(name.get(1).toString());
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return found;
    }
}
