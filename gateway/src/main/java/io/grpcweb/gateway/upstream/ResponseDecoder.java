package io.grpcweb.gateway.upstream;

import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Netty's decoder, told which answers have no body because of the method that was asked (RFC 9112 section 6.3). */
final class ResponseDecoder extends HttpResponseDecoder {
    private boolean head;

    /** Whether the next answer is one to HEAD. */
    void expectHead(boolean toHead) {
        head = toHead;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return head || super.isContentAlwaysEmpty(message);
    }
}
