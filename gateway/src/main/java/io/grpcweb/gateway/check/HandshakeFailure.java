package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.TlsConfig;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Says why the gateway's TLS with a backend fails where a client that trusts everybody gets through. */
final class HandshakeFailure {
    private final Target target;
    private final Words words;

    HandshakeFailure(Target target, Words words) {
        this.target = target;
        this.words = words;
    }

    /**
     * The cause.
     *
     * @param own the attempt as the gateway makes it
     * @param seen the attempt that trusts everybody
     * @param asked whether the server has asked for a certificate
     */
    Finding of(Contact own, Contact seen, boolean asked) {
        TlsConfig.Upstream tls = target.tlsConfig().orElseThrow();
        List<X509Certificate> chain = seen.chain();
        if (tls.verify() && !chain.isEmpty()) {
            Optional<String> date = CertificateJudge.date(chain);
            Optional<String> trust = CertificateJudge.trust(chain, tls.ca());
            if (date.isPresent()) {
                return target.broken(
                        date.get() + trust.map(too -> "; and " + too).orElse(""),
                        "renew the certificate of the backend, or look at the clocks");
            }
            if (trust.isPresent()) {
                return target.broken(trust.get(), words.authority());
            }
            String reason = reason(own.failure());
            if (!asked || reason.contains("name") || reason.contains("subject alternative")) {
                return name(chain.get(0), reason);
            }
        }
        if (asked && !seen.speaks(Opening.Kind.HTTP2)) {
            return clientCertificate();
        }
        return target.broken(
                "the TLS handshake fails: " + reason(own.failure()),
                "compare the TLS versions and ciphers of both sides");
    }

    private Finding name(X509Certificate certificate, String reason) {
        List<String> names = CertificateJudge.names(certificate);
        String wanted = target.serverName() == null ? "" : " \"" + target.serverName() + "\"";
        if (wanted.isEmpty() || names.contains(target.serverName())) {
            return target.broken(
                    "its certificate, for " + String.join(", ", names) + ", does not fit: " + reason,
                    "compare the names that the cluster wants with those of the certificate");
        }
        return target.broken(
                "its certificate is not for the name" + wanted + " that is asked for, but for "
                        + (names.isEmpty() ? "no name" : String.join(", ", names)),
                names.stream()
                        .filter(HandshakeFailure::isName)
                        .findFirst()
                        .map(words::serverName)
                        .orElse("give the backend a certificate for that name"));
    }

    /** The server wants to see a certificate. */
    Finding clientCertificate() {
        boolean has = target.tlsConfig().flatMap(TlsConfig.Upstream::identity).isPresent();
        return target.broken(
                has
                        ? "it refuses the certificate that the gateway shows"
                        : "it wants a client certificate (mutual TLS), and the cluster has none",
                has
                        ? "have it signed by an authority that the backend trusts, and see whether it is still valid"
                        : words.clientCertificate());
    }

    /** Whether TLS can ask for it (RFC 6066 section 3). */
    static boolean isName(String text) {
        return !text.isEmpty() && !Addresses.isIp(text) && text.indexOf('/') < 0 && text.indexOf('*') < 0;
    }

    /** The innermost reason, in words. */
    static String reason(Throwable failure) {
        if (failure == null) {
            return "it does not come to an end in time";
        }
        Throwable inner = failure;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }
}
