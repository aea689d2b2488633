package io.grpcweb.gateway.net;

import io.grpcweb.gateway.http.TlsFacts;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What the engines of TLS are told and asked apart from their usual ways. */
public final class TlsSessions {
    private TlsSessions() {}

    /** What is known of a session, to be kept: the engine forgets it when the connection ends. */
    public static TlsFacts facts(SSLSession session) {
        String version = session.getProtocol();
        List<X509Certificate> peers = peers(session);
        // Those of TLS 1.3 are left-overs for old boxes on the way (RFC 8446 section 4.1.2), and mean nothing.
        byte[] id = version.equals("TLSv1.3") ? new byte[0] : session.getId();
        return new TlsFacts(
                version,
                CipherNames.openSsl(session.getCipherSuite()),
                id == null || id.length == 0 ? null : HexFormat.of().formatHex(id),
                first(session.getLocalCertificates()),
                peers.isEmpty() ? null : peers.get(0),
                peers);
    }

    /** Has a handshake ask for any name: by itself the library leaves out those without a dot. */
    public static void askFor(String serverName, SSLEngine engine) {
        if (engine instanceof ReferenceCountedOpenSslEngine open) {
            SSL.setTlsExtHostName(open.sslPointer(), serverName);
        }
    }

    /** Whether the handshake went on with an earlier session. The JDK's TLS does not say. */
    public static boolean isResumed(SSLEngine engine) {
        return engine instanceof ReferenceCountedOpenSslEngine open
                && open.sslPointer() != 0
                && SSL.isSessionReused(open.sslPointer());
    }

    private static List<X509Certificate> peers(SSLSession session) {
        List<X509Certificate> found = new ArrayList<>();
        try {
            for (Certificate one : session.getPeerCertificates()) {
                if (one instanceof X509Certificate known) {
                    found.add(known);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            // It has shown none.
            return List.of();
        }
        return found;
    }

    private static X509Certificate first(Certificate[] chain) {
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
    }
}
