package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** What an attempt at a backend is told; on the event loop of the exchange, nothing after an end. */
public interface UpstreamCallback {

    /** Whether the request asks the backend to change to another protocol. */
    default boolean changesProtocol() {
        return false;
    }

    /** A connection has room: the request may be written. */
    void opened(UpstreamStream stream);

    /** The head of the response; answers of the 1xx kind are not reported. */
    void head(Http2Headers head, boolean end);

    /** A part of the body; the callee takes it over. */
    void data(ByteBuf data, boolean end);

    void trailers(Http2Headers trailers);

    /** The end of a batch of reads in which something came for this stream. */
    void readComplete();

    /** Whether the backend takes more of the request at the moment. */
    void requestWritable(boolean writable);

    /**
     * There will be no complete answer.
     *
     * @param resetCode of the RST_STREAM frame, or -1
     * @param unprocessed whether the backend has said that it did not look at the request
     * @param reason further words for logs, or null
     */
    void failed(UpstreamFailure failure, long resetCode, boolean unprocessed, String reason);
}
