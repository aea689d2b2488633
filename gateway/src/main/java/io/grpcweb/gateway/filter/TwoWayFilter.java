package io.grpcweb.gateway.filter;

import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** A filter that may give each direction of an exchange a {@link Way} of its own; the others pass as they come. */
public abstract class TwoWayFilter extends HttpFilter {
    private Way request;
    private Way response;

    /** Where a way of the request begins and ends. */
    protected final Way.Ends down() {
        return new Down();
    }

    /** Where a way of the response begins and ends. */
    protected final Way.Ends up() {
        return new Up();
    }

    /** From now on the request goes this way. */
    protected final void requestGoes(Way way) {
        request = way;
    }

    /** From now on the response goes this way. */
    protected final void responseGoes(Way way) {
        response = way;
    }

    /** Nothing goes either way any more. */
    protected final void closeWays() {
        if (request != null) {
            request.close();
        }
        if (response != null) {
            response.close();
        }
    }

    /** Sees the trailers of the response before they go up. */
    protected void responseEnds(Http2Headers trailers) {}

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (request != null) {
            request.data(data, end);
        } else {
            lower().requestData(data, end);
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (request != null) {
            request.trailers(trailers);
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

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (response != null) {
            response.data(data, end);
        } else {
            upper().responseData(data, end);
        }
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        if (response != null) {
            response.trailers(trailers);
        } else {
            responseEnds(trailers);
            upper().responseTrailers(trailers);
        }
    }

    @Override
    public void responseAbort(LocalReply reason) {
        closeWays();
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

    private final class Down implements Way.Ends {
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

    private final class Up implements Way.Ends {
        @Override
        public void data(ByteBuf data, boolean end) {
            upper().responseData(data, end);
        }

        @Override
        public void trailers(Http2Headers trailers) {
            responseEnds(trailers);
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
