package io.grpcweb.gateway.downstream.websocket;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** How calls share a WebSocket: what a message says of which call. */
interface Dialect {

    /** A whole binary message of the client; takes it over. */
    void message(ByteBuf message);

    /**
     * Sends the head of a response.
     *
     * @param fields a frame of fields; taken over
     * @param last whether nothing follows: the status stands among the fields
     */
    void head(WebSocketCall call, ByteBuf fields, boolean last);

    /** Sends a part of a response; takes it over. */
    void data(WebSocketCall call, ByteBuf part, boolean last);

    /** A call is over, with a response that is complete or not. */
    void ended(WebSocketCall call, boolean complete);

    /** The WebSocket is to end when its calls have. */
    void drain();

    /** The calls under way; a copy. */
    List<WebSocketCall> calls();

    /** How many calls are under way. */
    int size();
}
