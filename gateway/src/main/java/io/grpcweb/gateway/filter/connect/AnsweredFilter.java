package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** The request half of a call, which leaves its response to an {@link Answer}. */
abstract class AnsweredFilter extends HttpFilter {
    private final Answer answer;

    AnsweredFilter(Answer answer) {
        this.answer = answer;
    }

    @Override
    public void cancel() {
        answer.release();
        lower().cancel();
    }

    @Override
    public final void responseHead(Http2Headers head, boolean end) {
        answer.head(upper(), head, end);
    }

    @Override
    public final void responseData(ByteBuf data, boolean end) {
        answer.data(upper(), data, end);
    }

    @Override
    public final void responseTrailers(Http2Headers trailers) {
        answer.trailers(upper(), trailers);
    }

    @Override
    public final void responseAbort(LocalReply reason) {
        answer.abort(upper(), reason);
    }
}
