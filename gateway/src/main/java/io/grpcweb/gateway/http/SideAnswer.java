package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * What a service has answered to a call of the gateway's own.
 *
 * @param head with {@code :status}
 * @param body lent, valid while its observer is told; empty where there is none
 * @param trailers null for none
 */
public record SideAnswer(Http2Headers head, ByteBuf body, Http2Headers trailers) {

    public int status() {
        return Exchange.status(head);
    }
}
