package io.grpcweb.gateway.filter.grpchttp1;

import io.grpcweb.gateway.filter.HeldBody;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Holds a response until its trailers have come, since they become fields of its head, as in Envoy: grpc-status and
 * grpc-message, and no others. A body that is plain protobuf becomes one message of gRPC, and is held for its length.
 */
final class GrpcHttp1Filter extends HttpFilter {
    private final Exchange exchange;
    private final GrpcHttp1Config config;
    private final boolean frames;
    private final boolean bridges;
    private final HeldBody request;
    private final HeldBody response;
    private Http2Headers waiting;
    private boolean closed;

    /**
     * A filter that has not seen its request.
     *
     * @param frames whether the body is plain protobuf
     * @param bridges whether the response is held
     */
    GrpcHttp1Filter(Exchange exchange, GrpcHttp1Config config, boolean frames, boolean bridges) {
        this.exchange = exchange;
        this.config = config;
        this.frames = frames;
        this.bridges = bridges;
        this.request = new HeldBody(exchange.allocator());
        this.response = new HeldBody(exchange.allocator());
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (frames) {
            head.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        String path = head.path().toString();
        int query = path.indexOf('?');
        if (bridges && config.ignoresQuery() && query >= 0) {
            head.path(path.substring(0, query));
        }
        lower().requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (!frames) {
            lower().requestData(data, end);
            return;
        }
        if (!goesOn()) {
            data.release();
            return;
        }
        request.add(data);
        if (request.bytes() > config.mostBytes()) {
            exchange.reply(LocalReply.messageTooLong(request.bytes(), config.mostBytes()));
        } else if (end) {
            message(null);
        }
    }

    /** The whole message with its prefix; the trailers that end it are null for none. */
    private void message(Http2Headers trailers) {
        ByteBuf part =
                exchange.allocator().buffer(FrameScanner.PREFIX).writeByte(0).writeInt((int) request.bytes());
        while (part != null && goesOn()) {
            lower().requestData(part, trailers == null && request.isEmpty());
            part = request.poll();
        }
        if (part != null) {
            part.release();
        } else if (trailers != null && goesOn()) {
            lower().requestTrailers(trailers);
        }
    }

    private boolean goesOn() {
        return !closed && exchange.localReply() == null && !exchange.isOver();
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (frames) {
            message(trailers);
        } else {
            lower().requestTrailers(trailers);
        }
    }

    @Override
    public void cancel() {
        letGo();
        lower().cancel();
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (exchange.localReply() != null) {
            letGo();
        }
        if (!bridges || end || exchange.localReply() != null) {
            upper().responseHead(head, end);
        } else {
            waiting = head;
        }
    }

    private void letGo() {
        closed = true;
        request.release();
        response.release();
        waiting = null;
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (waiting == null) {
            upper().responseData(data, end);
            return;
        }
        response.add(data);
        if (response.bytes() > config.mostBytes()) {
            exchange.reply(LocalReply.messageTooLong(response.bytes(), config.mostBytes()));
        } else if (end) {
            send(false);
        }
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        if (waiting == null) {
            upper().responseTrailers(trailers);
            return;
        }
        CharSequence status = trailers.get(GrpcHeaders.STATUS);
        if (status != null) {
            if (GrpcStatus.parse(status) != 0) {
                waiting.status("503");
            }
            waiting.set(GrpcHeaders.STATUS, status);
            exchange.info().grpcStatus = GrpcStatus.parse(status);
        }
        CharSequence message = trailers.get(GrpcHeaders.MESSAGE);
        if (message != null) {
            waiting.set(GrpcHeaders.MESSAGE, message);
        }
        exchange.info().responseTrailers = trailers;
        send(true);
    }

    /**
     * Sends what was held.
     *
     * @param complete whether it is gRPC: it has a length then, by which a caller knows whether it got everything
     */
    private void send(boolean complete) {
        Http2Headers head = waiting;
        waiting = null;
        if (complete) {
            if (frames) {
                response.skip(FrameScanner.PREFIX);
            }
            head.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(response.bytes()));
        }
        ByteBuf part = response.poll();
        upper().responseHead(head, part == null);
        while (part != null) {
            ByteBuf next = response.poll();
            upper().responseData(part, next == null);
            part = next;
        }
    }
}
