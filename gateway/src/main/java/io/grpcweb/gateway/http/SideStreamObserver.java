package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Who is told what comes of a {@link SideStream}, on its event loop: the head, the parts of the body, and one end, which is the first
 * {@code end}, the trailers or a failure.
 */
public interface SideStreamObserver {

    /** Whether the backend takes more of the body at the moment; it does not before there is a connection. */
    void writable(boolean writable);

    /** The head of the response, with {@code :status}. */
    void head(Http2Headers head, boolean end);

    /** A part of the body, which the callee takes over. */
    void data(ByteBuf data, boolean end);

    void trailers(Http2Headers trailers);

    /**
     * There is no whole response.
     *
     * @param reason further words
     */
    void failed(SideFailure failure, String reason);

    /** One of these methods has thrown this; the call is given up. */
    void broken(Throwable fault);
}
