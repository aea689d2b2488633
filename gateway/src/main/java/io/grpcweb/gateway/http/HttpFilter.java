package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * One filter of the chain of an exchange. Requests go down (head, data, trailers), responses come up; each call hands over to
 * the neighbour unless a subclass does something with it. The uppermost filter is the downstream stream, the lowest one
 * the router. Everything happens on the exchange's event loop.
 *
 * <p>A {@link ByteBuf} that is handed over belongs to the receiver. {@code end} says that nothing of that direction
 * follows.
 */
public abstract class HttpFilter {
    private HttpFilter upper;
    private HttpFilter lower;

    /** Puts this filter under another one. */
    public final void under(HttpFilter above) {
        upper = above;
        above.lower = this;
    }

    /** What stands under it: the lowest part of it, where a filter consists of several. */
    public HttpFilter lowestPart() {
        return this;
    }

    /**
     * Whether it answers this request by itself, and so before any filter above it is asked: a browser sends a preflight
     * without the fields that a policy looks at (Fetch, section 4.8).
     */
    public boolean answersFirst() {
        return false;
    }

    /** Hands requests down to a filter below this one, past those between them; its response passes them all the same. */
    public final void passDownTo(HttpFilter below) {
        lower = below;
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

    /** Down: the client has gone, or the exchange is over for another reason; nothing may be sent up any more. */
    public void cancel() {
        lower.cancel();
    }

    /** Down: the connection is to end when its streams have; who serves calls of its own on one brings them to their ends. */
    public void drain() {
        if (lower != null) {
            lower.drain();
        }
    }

    /** Down: whether the client takes more of the response at the moment. */
    public void responseWritable(boolean writable) {
        lower.responseWritable(writable);
    }

    /** Up: the head of the response. */
    public void responseHead(Http2Headers head, boolean end) {
        upper.responseHead(head, end);
    }

    /** Up: a part of the body. */
    public void responseData(ByteBuf data, boolean end) {
        upper.responseData(data, end);
    }

    /** Up: trailer fields; the response ends with them. */
    public void responseTrailers(Http2Headers trailers) {
        upper.responseTrailers(trailers);
    }

    /** Up: the response cannot be completed although its head has left. */
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
