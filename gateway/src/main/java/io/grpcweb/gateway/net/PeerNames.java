package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.TlsConfig.SubjectAltName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The names in a peer's certificate (RFC 5280 section 4.2.1.6), held against those that the configuration wants. */
final class PeerNames {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP_ADDRESS = 7;

    private PeerNames() {}

    /** What is wrong with them; empty where one fits. */
    static Optional<String> problem(List<SubjectAltName> wanted, X509Certificate certificate)
            throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        Collection<List<?>> found = certificate.getSubjectAlternativeNames();
        for (List<?> entry : found == null ? List.<List<?>>of() : found) {
            String name = String.valueOf(entry.get(1));
            if (wanted.stream().anyMatch(one -> fits(one, (Integer) entry.get(0), name))) {
                return Optional.empty();
            }
            names.add(name);
        }
        return Optional.of("the certificate is for " + names + ", and none of these names fits "
                + wanted.stream().map(one -> one.kind() + " " + one.match()).toList());
    }

    private static boolean fits(SubjectAltName wanted, int kind, String name) {
        boolean kindFits =
                switch (wanted.kind()) {
                    case ANY -> kind == EMAIL || kind == DNS || kind == URI || kind == IP_ADDRESS;
                    case DNS -> kind == DNS;
                    case URI -> kind == URI;
                    case EMAIL -> kind == EMAIL;
                    case IP_ADDRESS -> kind == IP_ADDRESS;
                };
        return kindFits && (wanted.match().matches(name) || (kind == DNS && covers(name, wanted.match())));
    }

    /** A certificate for {@code *.example.com} is one for {@code a.example.com} (RFC 6125 section 6.4.3). */
    private static boolean covers(String name, StringMatch wanted) {
        if (!name.startsWith("*.") || !(wanted instanceof StringMatch.Exact exact)) {
            return false;
        }
        int dot = exact.text().indexOf('.');
        return dot > 0
                && exact.text()
                        .substring(dot)
                        .toLowerCase(Locale.ROOT)
                        .equals(name.substring(1).toLowerCase(Locale.ROOT));
    }
}
