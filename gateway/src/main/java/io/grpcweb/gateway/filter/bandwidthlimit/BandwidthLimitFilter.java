package io.grpcweb.gateway.filter.bandwidthlimit;

import io.grpcweb.gateway.filter.Throttle;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** Lets the bodies of one call pass as the limit allows. */
final class BandwidthLimitFilter extends HttpFilter {
    private final Exchange exchange;
    private final BandwidthLimitFactory limit;
    private LimitedWay request;
    private LimitedWay response;

    BandwidthLimitFilter(Exchange exchange, BandwidthLimitFactory limit) {
        this.exchange = exchange;
        this.limit = limit;
        exchange.atEnd(this::close);
    }

    private void close() {
        if (request != null) {
            request.close();
        }
        if (response != null) {
            response.close();
        }
    }

    // The request.

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (limit.request() != null && !end) {
            request = new LimitedWay(
                    exchange.executor(), limit.request(), limit.stats().request, limit.nanoTime(), new Down());
        }
        lower().requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (request != null) {
            request.arrived(data, end);
        } else {
            lower().requestData(data, end);
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (request != null) {
            request.arrived(trailers);
        } else {
            lower().requestTrailers(trailers);
        }
    }

    @Override
    public void requestWritable(boolean writable) {
        if (request != null) {
            request.receiverReady(writable);
        } else {
            upper().requestWritable(writable);
        }
    }

    private final class Down implements Throttle.Ends {
        @Override
        public void data(ByteBuf data, boolean end) {
            lower().requestData(data, end);
        }

        @Override
        public void trailers(Http2Headers trailers) {
            lower().requestTrailers(trailers);
        }

        @Override
        public void flush() {}

        @Override
        public void writable(boolean writable) {
            upper().requestWritable(writable);
        }
    }

    // The response.

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (exchange.localReply() != null) {
            // Whatever of the request is held has no receiver any more.
            close();
        } else if (limit.response() != null && !end) {
            response = new LimitedWay(
                    exchange.executor(), limit.response(), limit.stats().response, limit.nanoTime(), new Up());
        }
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (response != null) {
            response.arrived(data, end);
        } else {
            upper().responseData(data, end);
        }
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        if (response != null) {
            response.arrived(trailers);
        } else {
            limit.tell(trailers, request, null);
            upper().responseTrailers(trailers);
        }
    }

    @Override
    public void responseAbort(LocalReply reason) {
        close();
        upper().responseAbort(reason);
    }

    @Override
    public void responseWritable(boolean writable) {
        if (response != null) {
            response.receiverReady(writable);
        } else {
            lower().responseWritable(writable);
        }
    }

    private final class Up implements Throttle.Ends {
        @Override
        public void data(ByteBuf data, boolean end) {
            upper().responseData(data, end);
        }

        @Override
        public void trailers(Http2Headers trailers) {
            limit.tell(trailers, request, response);
            upper().responseTrailers(trailers);
        }

        @Override
        public void flush() {
            upper().responseFlush();
        }

        @Override
        public void writable(boolean writable) {
            lower().responseWritable(writable);
        }
    }
}
