package io.grpcweb.gateway.downstream.websocket;

import io.grpcweb.gateway.downstream.DownstreamStream;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldsFrame;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/** A call on a WebSocket: an exchange like any other, whose response leaves as messages. */
final class WebSocketCall extends DownstreamStream {
    private static final String CORS = "access-control-";

    private final CallSocket socket;
    private final int number;

    /** What still comes of the response cannot be read by a client of gRPC-Web, and its status was sent instead. */
    private boolean replaced;

    private boolean cut;
    private boolean paused;

    WebSocketCall(Exchange exchange, DownstreamStream carrier, CallSocket socket, int number) {
        super(exchange, carrier);
        this.socket = socket;
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Ends the call before it reaches a route. */
    void refuse(LocalReply reply) {
        exchange().info().format = CallFormat.GRPC_WEB;
        exchange().chain(this, this);
        exchange().reply(reply);
    }

    @Override
    protected void writeHead(Http2Headers head, boolean end) {
        if (MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)).isGrpcWeb()) {
            socket.dialect().head(this, fields(head), end);
        } else {
            replaced = true;
            socket.dialect().head(this, status(head), true);
        }
    }

    /** The fields of a head, without the status of HTTP and without what a browser looks for in a response of HTTP. */
    private ByteBuf fields(Http2Headers head) {
        ByteBuf frame = FieldsFrame.begin(exchange().allocator(), 256);
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            CharSequence name = field.getKey();
            if (name.charAt(0) != ':'
                    && !HttpHeaderNames.CONTENT_LENGTH.contentEquals(name)
                    && !HttpHeaderNames.VARY.contentEquals(name)
                    && !name.toString().startsWith(CORS)
                    && FieldsFrame.isPrintable(name)
                    && FieldsFrame.isPrintable(field.getValue())) {
                FieldsFrame.line(frame, name, field.getValue());
            }
        }
        return FieldsFrame.finish(frame);
    }

    /** Of a response that is not gRPC-Web: what its status stands for (grpc doc/http-grpc-status-mapping.md). */
    private ByteBuf status(Http2Headers head) {
        LocalReply own = exchange().localReply();
        CharSequence sent = head.get(GrpcHeaders.STATUS);
        int status = sent == null ? -1 : GrpcStatus.parse(sent);
        if (status < 0) {
            status = own == null ? GrpcStatus.fromHttp(Exchange.status(head)).code() : own.grpcStatus();
        }
        exchange().info().grpcStatus = status;
        String message = own == null ? "the response is HTTP status " + head.status() : own.message();
        ByteBuf frame = FieldsFrame.begin(exchange().allocator(), 64 + message.length());
        FieldsFrame.line(frame, GrpcHeaders.STATUS, Integer.toString(status));
        if (!message.isEmpty()) {
            FieldsFrame.line(frame, GrpcHeaders.MESSAGE, PercentEncoding.encode(message));
        }
        return FieldsFrame.finish(frame);
    }

    @Override
    protected void writeData(ByteBuf data, boolean end) {
        if (replaced || (!data.isReadable() && !end)) {
            data.release();
        } else {
            socket.data(this, data, end);
        }
    }

    /** Only a response that is not gRPC-Web has any, and its status was sent. */
    @Override
    protected void writeTrailers(Http2Headers trailers) {
        cut = !replaced;
    }

    @Override
    protected boolean canSendTrailers() {
        return false;
    }

    @Override
    protected void abort() {
        cut = !replaced;
    }

    @Override
    public void responseFlush() {
        socket.flush();
    }

    @Override
    protected void finished() {
        requestResumed();
        socket.ended(this, !cut);
    }

    @Override
    protected void released() {
        requestResumed();
    }

    @Override
    protected void pauseRequest() {
        if (!paused) {
            paused = true;
            socket.pause();
        }
    }

    @Override
    protected void resumeRequest() {
        requestResumed();
    }

    private void requestResumed() {
        if (paused) {
            paused = false;
            socket.resume();
        }
    }
}
