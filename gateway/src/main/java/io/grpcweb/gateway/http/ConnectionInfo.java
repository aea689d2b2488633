package io.grpcweb.gateway.http;

import java.net.SocketAddress;

/**
 * What is known of a downstream connection when its first request arrives.
 *
 * @param id counts up from 1
 * @param listener name of the listener
 * @param local the address it came to
 * @param remote the peer, or what a PROXY header says it is
 * @param tlsVersion such as {@code TLSv1.3}; null in cleartext
 * @param tlsCipher null in cleartext
 * @param serverName the SNI; null without
 * @param peerSubject of the client certificate; null without
 */
public record ConnectionInfo(
        long id,
        String listener,
        SocketAddress local,
        SocketAddress remote,
        String tlsVersion,
        String tlsCipher,
        String serverName,
        String peerSubject) {

    public boolean isTls() {
        return tlsVersion != null;
    }
}
