package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Who tries to have a request answered by an endpoint; on the event loop of the attempt. What it throws goes to {@link
 * #broken}, and not to the connection, which serves other calls.
 */
public interface AttemptOwner {

    /** Whether the request asks the backend to change to another protocol. */
    boolean changesProtocol();

    /** What the backend is told where the request is given up: CANCEL for a gRPC call (grpc doc/PROTOCOL-HTTP2.md, Errors). */
    default Http2Error cancelCode() {
        return Http2Error.CANCEL;
    }

    /** There is a stream: the request may be written. */
    void opened(Attempt attempt);

    /** The head of the response; where it ends, so does the attempt. */
    void answerHead(Attempt from, Http2Headers head, boolean end);

    /** A part of the body; the callee takes it over. */
    void answerData(Attempt from, ByteBuf data, boolean end);

    void answerTrailers(Attempt from, Http2Headers trailers);

    /** The end of a batch of reads in which something came. */
    void responseFlush();

    /** Whether the backend takes more of the request at the moment. */
    void backendWritable(boolean writable);

    /** There will be no complete answer; see {@link UpstreamCallback#failed}. */
    void failed(Attempt from, UpstreamFailure failure, long resetCode, boolean unprocessed, String reason);

    /** One of these methods has thrown this. */
    void broken(Throwable fault);
}
