package io.grpcweb.gateway.downstream.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.List;

/**
 * {@code grpc-websockets}: the first message is the head of the call; the first byte of each later one says whether the rest
 * is a part of the request (0) or the request has ended (1). The response is a frame of fields, the frames of the body, and
 * Close.
 */
final class OneCall implements Dialect {
    static final int DATA = 0;
    static final int END = 1;

    private final CallSocket socket;
    private WebSocketCall call;

    OneCall(CallSocket socket) {
        this.socket = socket;
    }

    @Override
    public void message(ByteBuf message) {
        if (call == null) {
            socket.begin(message, null, 0, begun -> call = begun);
            return;
        }
        int kind = message.isReadable() ? message.readByte() : -1;
        if (call.exchange().isRequestEnded()) {
            message.release();
            socket.fault(WebSocketCloseStatus.PROTOCOL_ERROR, "a message behind the end of the request");
        } else if (kind == DATA) {
            call.receive(message, false);
        } else {
            boolean end = kind == END && !message.isReadable();
            message.release();
            if (end) {
                call.receive(Unpooled.EMPTY_BUFFER, true);
            } else {
                socket.fault(WebSocketCloseStatus.PROTOCOL_ERROR, "a message that begins with neither 0 nor 1");
            }
        }
    }

    @Override
    public void head(WebSocketCall of, ByteBuf fields, boolean last) {
        socket.send(fields);
    }

    @Override
    public void data(WebSocketCall of, ByteBuf part, boolean last) {
        socket.send(part);
    }

    @Override
    public void ended(WebSocketCall of, boolean complete) {
        socket.close(
                complete ? WebSocketCloseStatus.NORMAL_CLOSURE : WebSocketCloseStatus.INTERNAL_SERVER_ERROR,
                complete ? "" : "the response was broken off");
    }

    @Override
    public void drain() {
        if (call == null) {
            socket.close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "the gateway is shutting down");
        }
    }

    @Override
    public List<WebSocketCall> calls() {
        return size() == 0 ? List.of() : List.of(call);
    }

    @Override
    public int size() {
        return call == null || call.exchange().isOver() ? 0 : 1;
    }
}
