package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.WireBytes;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;

/** A stream to a backend, HTTP/2 or HTTP/1.1; on the event loop of its connection. */
public interface UpstreamStream {

    /** Wants what is sent and received from now on added to this; before the head is written. */
    void count(WireBytes bytes);

    void head(Http2Headers head, boolean end);

    /** Takes the data over. */
    void data(ByteBuf data, boolean end);

    void trailers(Http2Headers trailers);

    /** Gives the stream up; nothing more is reported of it. */
    void reset(Http2Error code);

    /** Whether more of the response is wanted at the moment. */
    void responseWritable(boolean writable);

    SocketAddress localAddress();

    /** Of its connection. */
    UpstreamFacts facts();

    /** Whether the backend may be asked to change to another protocol; asked once, before the head is written. */
    boolean changesProtocol();

    /** {@code HTTP/2} or {@code HTTP/1.1}. */
    Protocol protocol();
}
