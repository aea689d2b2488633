package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.net.CipherNames;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Gathers what is known of a connection when its first request arrives. */
final class ConnectionFacts {
    /** Set when the connection is accepted. */
    static final AttributeKey<Accepted> ACCEPTED = AttributeKey.valueOf(ConnectionFacts.class, "accepted");

    /**
     * What is known at accept.
     *
     * @param remote what a PROXY header says, else null
     */
    record Accepted(long id, String listener, SocketAddress remote, String serverName) {
        Accepted from(SocketAddress address) {
            return new Accepted(id, listener, address, serverName);
        }

        Accepted named(String sni) {
            return new Accepted(id, listener, remote, sni);
        }
    }

    private ConnectionFacts() {}

    static Accepted accepted(AtomicLong ids, String listener) {
        return new Accepted(ids.incrementAndGet(), listener, null, null);
    }

    static ConnectionInfo of(Channel channel) {
        Accepted accepted = channel.attr(ACCEPTED).get();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        SSLSession session = tls == null ? null : tls.engine().getSession();
        return new ConnectionInfo(
                accepted == null ? 0 : accepted.id(),
                accepted == null ? "" : accepted.listener(),
                channel.localAddress(),
                accepted == null || accepted.remote() == null ? channel.remoteAddress() : accepted.remote(),
                session == null ? null : session.getProtocol(),
                session == null ? null : CipherNames.openSsl(session.getCipherSuite()),
                accepted == null ? null : accepted.serverName(),
                session == null ? null : subject(session));
    }

    private static String subject(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? certificate.getSubjectX500Principal().getName()
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }
}
