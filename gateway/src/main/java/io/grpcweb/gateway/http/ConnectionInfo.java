package io.grpcweb.gateway.http;

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
 */
public record ConnectionInfo(
        long id, String listener, SocketAddress local, SocketAddress remote, TlsFacts tls, String serverName) {

    public boolean isTls() {
        return tls != null;
    }
}
