package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/**
 * What is known of a connection when its filter chain is chosen.
 *
 * @param local the address it came to
 * @param remote the client: the peer, or what a PROXY header says it is
 * @param direct the peer
 * @param tls whether it began with a ClientHello
 * @param serverName of the ClientHello; null for none
 * @param protocols that the ClientHello offers, in its order
 */
record Incoming(
        SocketAddress local,
        SocketAddress remote,
        SocketAddress direct,
        boolean tls,
        String serverName,
        List<String> protocols) {

    /** A connection that is being set up. */
    static Incoming of(Channel channel, boolean tls, String serverName, List<String> protocols) {
        ConnectionFacts.Accepted accepted =
                channel.attr(ConnectionFacts.ACCEPTED).get();
        SocketAddress direct = channel.remoteAddress();
        return new Incoming(
                accepted == null || accepted.local() == null ? channel.localAddress() : accepted.local(),
                accepted == null || accepted.remote() == null ? direct : accepted.remote(),
                direct,
                tls,
                serverName,
                protocols);
    }

    /** One that is there already, as if its handshake had named another host. */
    static Incoming of(ConnectionInfo connection, String serverName) {
        return new Incoming(
                connection.local(),
                connection.remote(),
                connection.remote(),
                connection.isTls(),
                serverName,
                List.of());
    }

    /** The IP address; null where it is none. */
    static InetAddress ip(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    /** The port; -1 where there is none. */
    static int port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    /** Whether the client is on this machine; of the loopback addresses Envoy knows 127.0.0.1 and ::1. */
    boolean isLocal() {
        InetAddress client = ip(remote);
        return client == null
                || client.equals(ip(local))
                || client.equals(NetUtil.LOCALHOST4)
                || client.equals(NetUtil.LOCALHOST6);
    }
}
