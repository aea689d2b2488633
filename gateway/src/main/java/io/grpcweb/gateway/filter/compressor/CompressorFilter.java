package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Compresses the bodies of one exchange. What comes in one batch leaves together; at the end of the batch nothing stays in the
 * encoder, so that a stream of messages is not held up.
 */
final class CompressorFilter extends HttpFilter {
    private final Exchange exchange;
    private final CompressorFactory factory;
    private CharSequence accepted;
    private Compression request;
    private Compression response;

    CompressorFilter(Exchange exchange, CompressorFactory factory) {
        this.exchange = exchange;
        this.factory = factory;
    }

    private void close() {
        closeRequest();
        if (response != null) {
            response.close();
            response = null;
        }
    }

    private void closeRequest() {
        if (request != null) {
            request.close();
            request = null;
        }
    }

    private Compression begin(Method method, CompressorStats.Way counted) {
        Compression begun = Compression.begin(exchange, method.encoders(), counted);
        if (begun != null) {
            exchange.atEnd(begun::close);
        }
        return begun;
    }

    // The request.

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        CompressorConfig config = factory.config();
        accepted = FieldValues.joined(head, HttpHeaderNames.ACCEPT_ENCODING);
        if (config.response().enabled() && config.responses().hideAccepted()) {
            head.remove(HttpHeaderNames.ACCEPT_ENCODING);
        }
        Method method = factory.methods().get(0);
        CompressorStats.Way counted = method.stats().request;
        request = !end && config.request().enabled() && isCompressible(head, counted) ? begin(method, counted) : null;
        if (request != null) {
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
            head.set(HttpHeaderNames.CONTENT_ENCODING, method.token());
        }
        (request == null ? counted.notCompressed : counted.compressed).increment();
        lower().requestHead(head, end);
    }

    /** A call of gRPC-Web is not: it is for the gateway itself to read. */
    private boolean isCompressible(Http2Headers head, CompressorStats.Way counted) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE);
        if (factory.config().request().leastBytes()
                > ResponseVerdict.lengthOf(head.get(HttpHeaderNames.CONTENT_LENGTH))) {
            counted.tooShort.increment();
            return false;
        }
        return factory.requestTypes().contain(ContentTypes.essence(type))
                && !MediaType.formatOf(type).isGrpcWeb()
                && !head.contains(HttpHeaderNames.CONTENT_ENCODING);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (request == null) {
            lower().requestData(data, end);
        } else {
            lower().requestData(request.add(data, true, end), end);
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (request != null) {
            ByteBuf last = request.add(Unpooled.EMPTY_BUFFER, false, true);
            request = null;
            lower().requestData(last, false);
        }
        lower().requestTrailers(trailers);
    }

    @Override
    public void cancel() {
        close();
        lower().cancel();
    }

    // The response.

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (exchange.localReply() != null) {
            closeRequest();
        }
        ResponseVerdict verdict = new ResponseVerdict(exchange, factory);
        Method method = verdict.choose(head, end, accepted);
        if (method != null) {
            response = begin(method, method.stats().response);
        }
        if (response != null) {
            verdict.change(head, method);
        }
        for (Method one : factory.methods()) {
            CompressorStats.Way counted = one.stats().response;
            (response != null && one.equals(method) ? counted.compressed : counted.notCompressed).increment();
        }
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (response == null) {
            upper().responseData(data, end);
            return;
        }
        ByteBuf out = response.add(data, false, end);
        if (end) {
            response = null;
        }
        if (out.isReadable() || end) {
            upper().responseData(out, end);
        } else {
            out.release();
        }
    }

    @Override
    public void responseFlush() {
        if (response != null && response.isDirty()) {
            upper().responseData(response.add(Unpooled.EMPTY_BUFFER, true, false), false);
        }
        upper().responseFlush();
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        if (response != null) {
            ByteBuf last = response.add(Unpooled.EMPTY_BUFFER, false, true);
            response = null;
            upper().responseData(last, false);
        }
        upper().responseTrailers(trailers);
    }

    @Override
    public void responseAbort(LocalReply reason) {
        close();
        upper().responseAbort(reason);
    }
}
