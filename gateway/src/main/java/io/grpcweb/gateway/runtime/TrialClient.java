package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** The client of a made-up call: it keeps the head of the response and forgets the rest. */
final class TrialClient extends HttpFilter {
    private final Exchange exchange;
    private Http2Headers answer;

    TrialClient(Exchange exchange) {
        this.exchange = exchange;
    }

    /** The head of the response; null while there is none. */
    Http2Headers answer() {
        return answer;
    }

    @Override
    public void cancel() {
        if (lower() != null) {
            lower().cancel();
        }
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        exchange.responseStarted(head);
        answer = head;
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        data.release();
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        // The head says all.
    }

    @Override
    public void responseFlush() {
        // Nothing is held back.
    }

    @Override
    public void requestWritable(boolean writable) {
        // There is nobody who sends.
    }
}
