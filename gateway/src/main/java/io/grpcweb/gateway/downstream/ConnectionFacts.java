package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.net.TlsSessions;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/** Gathers what is known of a connection when its first request arrives. */
public final class ConnectionFacts {
    /** Set when the connection is accepted. */
    static final AttributeKey<Accepted> ACCEPTED = AttributeKey.valueOf(ConnectionFacts.class, "accepted");

    /**
     * What is known at accept.
     *
     * @param remote the client, as a PROXY header says, else null
     * @param local the address that it called, as a PROXY header says, else null
     */
    record Accepted(long id, String listener, SocketAddress remote, SocketAddress local, String serverName) {
        Accepted from(SocketAddress client, SocketAddress called) {
            return new Accepted(id, listener, client, called, serverName);
        }

        Accepted named(String sni) {
            return new Accepted(id, listener, remote, local, sni);
        }
    }

    private ConnectionFacts() {}

    static Accepted accepted(AtomicLong ids, String listener) {
        return new Accepted(ids.incrementAndGet(), listener, null, null, null);
    }

    /** What is known of it now. */
    public static ConnectionInfo of(Channel channel) {
        Accepted accepted = channel.attr(ACCEPTED).get();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return new ConnectionInfo(
                accepted == null ? 0 : accepted.id(),
                accepted == null ? "" : accepted.listener(),
                channel.localAddress(),
                accepted == null || accepted.remote() == null ? channel.remoteAddress() : accepted.remote(),
                tls == null ? null : TlsSessions.facts(tls.engine().getSession()),
                accepted == null ? null : accepted.serverName());
    }
}
