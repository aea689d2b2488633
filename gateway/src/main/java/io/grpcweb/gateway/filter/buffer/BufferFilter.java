package io.grpcweb.gateway.filter.buffer;

import io.grpcweb.gateway.filter.HoldingFilter;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** Holds a request until it is whole, and tells the backend its length. */
final class BufferFilter extends HoldingFilter {
    private final int most;

    BufferFilter(Exchange exchange, int most) {
        super(exchange, most);
        this.most = most;
    }

    @Override
    protected void arrived(Http2Headers head, boolean end) {
        if (end) {
            resume();
        } else {
            collect(most, false);
        }
    }

    @Override
    protected void collected(ByteBuf lent, boolean all) {
        if (lent.isReadable() && !head().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            head().set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(lent.readableBytes()));
        }
        resume();
    }

    @Override
    protected LocalReply tooLarge(int limit) {
        return LocalReply.denied(413, "Payload Too Large", Details.PAYLOAD_TOO_LARGE);
    }
}
