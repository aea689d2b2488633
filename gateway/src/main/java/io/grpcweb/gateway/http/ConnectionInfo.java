package io.grpcweb.gateway.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * What is known of a downstream connection when its first request arrives.
 *
 * @param id counts up from 1
 * @param listener name of the listener
 * @param local the address it came to
 * @param remote the peer, or what a PROXY header says it is
 * @param tls null in cleartext
 * @param serverName the SNI; null without
 * @param remoteHost the peer's address without its port, as logs write it; null where there is none
 * @param parts what filters keep for it
 */
public record ConnectionInfo(
        long id,
        String listener,
        SocketAddress local,
        SocketAddress remote,
        TlsFacts tls,
        String serverName,
        String remoteHost,
        ConnectionParts parts) {

    public ConnectionInfo(
            long id, String listener, SocketAddress local, SocketAddress remote, TlsFacts tls, String serverName) {
        this(id, listener, local, remote, tls, serverName, host(remote), new ConnectionParts());
    }

    public boolean isTls() {
        return tls != null;
    }

    /** An address in digits, without its port. */
    public static String host(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return inet.getAddress() == null
                    ? inet.getHostString()
                    : inet.getAddress().getHostAddress();
        }
        return address == null ? null : address.toString();
    }
}
