package io.grpcweb.gateway.filter;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * A response of the backend that is not gRPC, such as the error page of a proxy: its head waits until its body has become
 * grpc-message. Owns the bytes that it is given.
 */
public final class HeldAnswer {
    /** As much of a body becomes grpc-message, as in Envoy. */
    private static final int LARGEST_MESSAGE = 16384;

    private final Http2Headers head;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;

    /** Its body has not come. */
    public HeldAnswer(Http2Headers head) {
        this.head = head;
    }

    /** Of the response. */
    public Http2Headers head() {
        return head;
    }

    /** Takes a part of the body over. */
    public void add(ByteBuf data) {
        int take = Math.min(data.readableBytes(), LARGEST_MESSAGE - body.readableBytes());
        if (take > 0) {
            if (body.capacity() == 0) {
                body = data.alloc().buffer(take);
            }
            body.writeBytes(data, take);
        }
        data.release();
    }

    /** A status that the backend gave wins over that of HTTP. */
    public int status() {
        CharSequence given = head.get(GrpcHeaders.STATUS);
        int number = given == null ? -1 : GrpcStatus.parse(given);
        return number < 0 ? GrpcStatus.fromHttp(Exchange.status(head)).code() : number;
    }

    /** The backend's message where it gave one with a status, else the body; encoded for the wire. */
    public CharSequence message() {
        CharSequence given = head.get(GrpcHeaders.MESSAGE);
        if (given != null && head.contains(GrpcHeaders.STATUS)) {
            return given;
        }
        byte[] bytes = new byte[body.readableBytes()];
        body.getBytes(body.readerIndex(), bytes);
        return PercentEncoding.encode(bytes);
    }

    /** Lets go of the body. */
    public void release() {
        body.release();
        body = Unpooled.EMPTY_BUFFER;
    }
}
