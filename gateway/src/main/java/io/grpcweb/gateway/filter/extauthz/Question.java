package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.http.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * A request that a service is asked about.
 *
 * @param head as the filters before made it
 * @param body the part of the body that the service sees, lent; null where it sees none
 * @param whole whether that is all of it
 */
record Question(Exchange exchange, Http2Headers head, ByteBuf body, boolean whole) {
    /** Tells the service whether it sees the whole body. */
    static final String PARTIAL = "x-envoy-auth-partial-body";

    String isPartial() {
        return Boolean.toString(!whole);
    }
}
