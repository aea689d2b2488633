package io.grpcweb.gateway.upstream.pool;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/** Netty's decoder, told which answers have no body because of the method that was asked (RFC 9112 section 6.3). */
final class ResponseDecoder extends HttpResponseDecoder {
    private boolean head;
    private long read;

    /** Whether the next answer is one to HEAD. */
    void expectHead(boolean toHead) {
        head = toHead;
    }

    /** Bytes that were read to the end of what was last handed on. */
    long read() {
        return read;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        int before = buffer.readerIndex();
        super.decode(ctx, buffer, out);
        read += buffer.readerIndex() - before;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        // What follows 101 is another protocol: Netty takes a short one for the body of a WebSocket of 2010.
        return head
                || (message instanceof HttpResponse response
                        && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS))
                || super.isContentAlwaysEmpty(message);
    }
}
