package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** Stands around a filter and tells what a request looked like above it and below it. */
final class Probe extends HttpFilter {
    private final HttpFilter inner;
    private final Observer observer;

    /** Whoever wants to know. */
    interface Observer {
        /** The filter sees a request. */
        void enters(Http2Headers head);

        /** It hands the request on. */
        void leaves(Http2Headers head);
    }

    Probe(HttpFilter inner, Observer observer) {
        this.inner = inner;
        this.observer = observer;
        inner.under(new Above());
        new Below().under(inner);
    }

    private final class Above extends HttpFilter {
        @Override
        public void responseHead(Http2Headers head, boolean end) {
            Probe.this.upper().responseHead(head, end);
        }

        @Override
        public void responseData(ByteBuf data, boolean end) {
            Probe.this.upper().responseData(data, end);
        }

        @Override
        public void responseTrailers(Http2Headers trailers) {
            Probe.this.upper().responseTrailers(trailers);
        }

        @Override
        public void responseAbort(LocalReply reason) {
            Probe.this.upper().responseAbort(reason);
        }

        @Override
        public void responseFlush() {
            Probe.this.upper().responseFlush();
        }

        @Override
        public void requestWritable(boolean writable) {
            Probe.this.upper().requestWritable(writable);
        }
    }

    private final class Below extends HttpFilter {
        @Override
        public void requestHead(Http2Headers head, boolean end) {
            observer.leaves(head);
            Probe.this.lower().requestHead(head, end);
        }

        @Override
        public void requestData(ByteBuf data, boolean end) {
            Probe.this.lower().requestData(data, end);
        }

        @Override
        public void requestTrailers(Http2Headers trailers) {
            Probe.this.lower().requestTrailers(trailers);
        }

        @Override
        public void cancel() {
            Probe.this.lower().cancel();
        }

        @Override
        public void responseWritable(boolean writable) {
            Probe.this.lower().responseWritable(writable);
        }
    }

    @Override
    public boolean answersFirst() {
        return inner.answersFirst();
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        observer.enters(head);
        inner.requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        inner.requestData(data, end);
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        inner.requestTrailers(trailers);
    }

    /** A local reply begins at the lowest filter, which may be this one: what is below has gone with the request. */
    @Override
    public void cancel() {
        inner.cancel();
    }

    @Override
    public void responseWritable(boolean writable) {
        inner.responseWritable(writable);
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        inner.responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        inner.responseData(data, end);
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        inner.responseTrailers(trailers);
    }

    @Override
    public void responseAbort(LocalReply reason) {
        inner.responseAbort(reason);
    }

    @Override
    public void responseFlush() {
        inner.responseFlush();
    }

    @Override
    public void requestWritable(boolean writable) {
        inner.requestWritable(writable);
    }
}
