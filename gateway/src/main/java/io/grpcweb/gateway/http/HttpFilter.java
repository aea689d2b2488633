package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * One room on the way of an exchange. Requests go down (head, data, trailers), answers come up; each call hands over to
 * the neighbour unless a subclass does something with it. The uppermost room is the downstream stream, the lowest one
 * the router. Everything happens on the exchange's event loop.
 *
 * <p>A {@link ByteBuf} that is handed over belongs to the receiver. {@code end} says that nothing of that direction
 * follows.
 */
public abstract class HttpFilter {
    private HttpFilter upper;
    private HttpFilter lower;

    /** Puts this room under another one. */
    public final void under(HttpFilter above) {
        upper = above;
        above.lower = this;
    }

    protected final HttpFilter upper() {
        return upper;
    }

    protected final HttpFilter lower() {
        return lower;
    }

    /** Down: pseudo-header fields and fields, names in lower-case. */
    public void requestHead(Http2Headers head, boolean end) {
        lower.requestHead(head, end);
    }

    /** Down: a part of the body. */
    public void requestData(ByteBuf data, boolean end) {
        lower.requestData(data, end);
    }

    /** Down: trailer fields; the request ends with them. */
    public void requestTrailers(Http2Headers trailers) {
        lower.requestTrailers(trailers);
    }

    /** Down: the browser has gone, or the exchange is over for another reason; nothing may be sent up any more. */
    public void cancel() {
        lower.cancel();
    }

    /** Down: whether the browser takes more of the answer at the moment. */
    public void responseWritable(boolean writable) {
        lower.responseWritable(writable);
    }

    /** Up: the head of the answer. */
    public void responseHead(Http2Headers head, boolean end) {
        upper.responseHead(head, end);
    }

    /** Up: a part of the body. */
    public void responseData(ByteBuf data, boolean end) {
        upper.responseData(data, end);
    }

    /** Up: trailer fields; the answer ends with them. */
    public void responseTrailers(Http2Headers trailers) {
        upper.responseTrailers(trailers);
    }

    /** Up: the answer cannot be completed although its head has left. */
    public void responseAbort(LocalReply reason) {
        upper.responseAbort(reason);
    }

    /** Up: the end of a batch of reads; what was held back to be sent together leaves now. */
    public void responseFlush() {
        upper.responseFlush();
    }

    /** Up: whether the backend takes more of the request at the moment. */
    public void requestWritable(boolean writable) {
        upper.requestWritable(writable);
    }
}
