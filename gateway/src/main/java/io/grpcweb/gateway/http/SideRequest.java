package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;

/**
 * A call that the gateway makes itself.
 *
 * @param cluster name of the cluster
 * @param head with {@code :method} and {@code :path}; {@code :scheme} and {@code :authority} are those of the cluster, the
 *     latter its name, where they are missing
 * @param body whole; may be empty
 * @param timeout from now to the end of the response; zero means for ever
 * @param mostBytes of the body of the response; a longer one is a failure
 */
public record SideRequest(String cluster, Http2Headers head, ByteBuf body, Duration timeout, int mostBytes) {

    /** A request without a body. */
    public static SideRequest of(String cluster, Http2Headers head, Duration timeout, int mostBytes) {
        return new SideRequest(cluster, head, Unpooled.EMPTY_BUFFER, timeout, mostBytes);
    }

    /** A request with a body, whose length the head says. */
    public static SideRequest of(String cluster, Http2Headers head, ByteBuf body, Duration timeout, int mostBytes) {
        head.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.readableBytes()));
        return new SideRequest(cluster, head, body, timeout, mostBytes);
    }
}
