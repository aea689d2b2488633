package io.grpcweb.gateway.downstream.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.AsciiString;
import io.netty.util.collection.IntObjectHashMap;
import java.util.List;

/**
 * {@code grpc-websockets-multiplex}: each message begins with the number of its call, 32 bits of which the highest says that
 * the sender has ended its half. The first message of a number is the head of the call, with its path; the others are as
 * those of {@link OneCall}. Numbers grow, so that a late message of a call that has ended is known as such. The highest
 * number asks the client to take another WebSocket for new calls, and is sent back by it.
 */
final class Multiplexed implements Dialect {
    private static final AsciiString PATH = AsciiString.cached("grpc-websockets-path");
    private static final int GO_AWAY = Integer.MAX_VALUE;
    private static final int NUMBER = 4;

    private final CallSocket socket;
    private final IntObjectHashMap<WebSocketCall> calls = new IntObjectHashMap<>();
    private int highest = -1;
    private boolean draining;
    private boolean acknowledged;

    Multiplexed(CallSocket socket) {
        this.socket = socket;
    }

    @Override
    public void message(ByteBuf message) {
        if (message.readableBytes() <= NUMBER) {
            message.release();
            fault("a message without content");
            return;
        }
        int word = message.readInt();
        boolean last = word < 0;
        int number = word & Integer.MAX_VALUE;
        WebSocketCall call = calls.get(number);
        if (number == GO_AWAY) {
            message.release();
            acknowledged(last);
        } else if (call != null) {
            continued(call, message, last);
        } else if (number > highest) {
            begin(number, message, last);
        } else {
            int kind = message.readByte();
            message.release();
            if (kind != OneCall.DATA && kind != OneCall.END) {
                fault("the number " + number + " was used before");
            }
        }
    }

    private void acknowledged(boolean last) {
        if (!draining || !last) {
            fault("the number " + GO_AWAY + " is not for calls");
            return;
        }
        acknowledged = true;
        closeWhenDone();
    }

    private void begin(int number, ByteBuf message, boolean last) {
        if (acknowledged) {
            message.release();
            fault("a new call although no more were to come");
            return;
        }
        highest = number;
        socket.begin(message, PATH, number, begun -> calls.put(number, begun));
        WebSocketCall call = calls.get(number);
        if (last && call != null) {
            call.receive(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private void continued(WebSocketCall call, ByteBuf message, boolean last) {
        int kind = message.readByte();
        boolean end = last || kind == OneCall.END;
        if (call.exchange().isRequestEnded()
                || (kind != OneCall.DATA && kind != OneCall.END)
                || (kind == OneCall.END && message.isReadable())) {
            message.release();
            fault("a message that is no part of the request of call " + call.number());
        } else {
            call.receive(message, end);
        }
    }

    private void fault(String reason) {
        socket.fault(WebSocketCloseStatus.PROTOCOL_ERROR, reason);
    }

    /** Clients take the first message of a response for its head, and look for the status behind it only. */
    @Override
    public void head(WebSocketCall call, ByteBuf fields, boolean last) {
        if (last) {
            send(call, fields.retainedDuplicate(), false);
        }
        send(call, fields, last);
    }

    @Override
    public void data(WebSocketCall call, ByteBuf part, boolean last) {
        send(call, part, last);
    }

    private void send(WebSocketCall call, ByteBuf content, boolean last) {
        ByteBuf number =
                content.alloc().buffer(NUMBER).writeInt(last ? call.number() | Integer.MIN_VALUE : call.number());
        socket.send(Unpooled.wrappedBuffer(number, content));
    }

    @Override
    public void ended(WebSocketCall call, boolean complete) {
        if (!complete) {
            send(call, Unpooled.EMPTY_BUFFER, true);
        }
        calls.remove(call.number());
        closeWhenDone();
    }

    @Override
    public void drain() {
        if (!draining) {
            draining = true;
            socket.send(Unpooled.buffer(NUMBER).writeInt(GO_AWAY));
            socket.flush();
        }
    }

    private void closeWhenDone() {
        if (acknowledged && calls.isEmpty()) {
            socket.close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "the gateway is shutting down");
        }
    }

    @Override
    public List<WebSocketCall> calls() {
        return List.copyOf(calls.values());
    }

    @Override
    public int size() {
        return calls.size();
    }
}
