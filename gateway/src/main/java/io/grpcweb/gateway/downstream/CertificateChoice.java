package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.net.TlsFiles;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The certificates of a filter chain, of which the server name chooses as in Envoy: one for this very name, one for the
 * names of its domain, else the first. Of two for one name, or for a client that names none, it is the one with an
 * ECDSA key: every browser of today can use it, and signing with it costs the least.
 */
final class CertificateChoice {
    private static final int DNS = 2;

    private final Map<String, Certificate> byName = new HashMap<>();
    private final Certificate first;
    private final Certificate unnamed;

    private record Certificate(SslContext context, boolean ecdsa) {
        /** The earlier one, unless only the later has an ECDSA key. */
        static Certificate better(Certificate earlier, Certificate later) {
            return later.ecdsa && !earlier.ecdsa ? later : earlier;
        }
    }

    CertificateChoice(TlsConfig.Downstream config) throws IOException {
        Certificate top = null;
        Certificate best = null;
        for (TlsConfig.Identity identity : config.identities()) {
            X509Certificate leaf = TlsFiles.certificates(identity.chain())[0];
            Certificate certificate = new Certificate(
                    TlsContexts.of(config, identity),
                    leaf.getPublicKey().getAlgorithm().equals("EC"));
            top = top == null ? certificate : top;
            best = best == null ? certificate : Certificate.better(best, certificate);
            if (config.identities().size() > 1) {
                for (String name : names(leaf)) {
                    byName.merge(name, certificate, Certificate::better);
                }
            }
        }
        first = top;
        unnamed = best;
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(DNS))
                            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateParsingException e) {
            // It is served all the same where no other is for the name.
            return List.of();
        }
    }

    /** The context for a server name; null for none. */
    SslContext of(String serverName) {
        if (serverName == null) {
            return unnamed.context;
        }
        String name = serverName.toLowerCase(Locale.ROOT);
        Certificate exact = byName.get(name);
        if (exact != null) {
            return exact.context;
        }
        int dot = name.indexOf('.');
        Certificate wildcard = dot < 0 ? null : byName.get("*" + name.substring(dot));
        return wildcard == null ? first.context : wildcard.context;
    }
}
