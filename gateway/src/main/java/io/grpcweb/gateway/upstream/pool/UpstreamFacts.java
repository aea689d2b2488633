package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.TlsFacts;
import io.netty.util.AttributeKey;

/**
 * What access logs say of a connection with a backend.
 *
 * @param id counts up from 1
 * @param tls null in cleartext
 * @param serverName as the handshake asked for it; null without
 */
public record UpstreamFacts(long id, TlsFacts tls, String serverName) {
    /** Of the channel; set when it is made, and again after the handshake. */
    static final AttributeKey<UpstreamFacts> KEY = AttributeKey.valueOf(UpstreamFacts.class, "facts");
}
