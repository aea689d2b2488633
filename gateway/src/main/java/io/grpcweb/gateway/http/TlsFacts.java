package io.grpcweb.gateway.http;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What was agreed on in a TLS handshake.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipher by the name of OpenSSL
 * @param sessionId in hexadecimal digits; null where there is none
 * @param local the certificate of this side; null without
 * @param peer the certificate of the other side; null without
 * @param peerChain all certificates that the other side has sent, its own first
 */
public record TlsFacts(
        String version,
        String cipher,
        String sessionId,
        X509Certificate local,
        X509Certificate peer,
        List<X509Certificate> peerChain) {

    public TlsFacts {
        peerChain = List.copyOf(peerChain);
    }

    /** The other side has sent no more than its own certificate. */
    public TlsFacts(String version, String cipher, String sessionId, X509Certificate local, X509Certificate peer) {
        this(version, cipher, sessionId, local, peer, peer == null ? List.of() : List.of(peer));
    }
}
