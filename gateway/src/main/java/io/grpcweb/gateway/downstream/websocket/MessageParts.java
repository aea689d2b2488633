package io.grpcweb.gateway.downstream.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Gathers the small parts of one response that come in one turn of the event loop, so that they leave as one message: the
 * borders of messages mean nothing to a client, and each costs it and the gateway something. Large parts pass without a copy.
 */
final class MessageParts {
    private static final int COPY_BELOW = 4096;
    private static final int GATHERED = 16 * 1024;

    private final ByteBufAllocator allocator;
    private final Dialect dialect;

    /** Null where nothing waits. */
    private ByteBuf held;

    /** Whose response {@link #held} is a part of. */
    private WebSocketCall call;

    /** Whether {@link #held} has room for more; the first part is kept as it came. */
    private boolean copied;

    MessageParts(ByteBufAllocator allocator, Dialect dialect) {
        this.allocator = allocator;
        this.dialect = dialect;
    }

    /** A part of a response that goes on; takes it over. */
    void add(WebSocketCall of, ByteBuf part) {
        int bytes = part.readableBytes();
        if (held != null && (call != of || bytes + held.readableBytes() > GATHERED)) {
            send();
        }
        if (held != null) {
            makeRoom();
            held.writeBytes(part);
            part.release();
        } else if (bytes < COPY_BELOW) {
            held = part;
            call = of;
            copied = false;
        } else {
            dialect.data(of, part, false);
        }
    }

    private void makeRoom() {
        if (!copied) {
            copied = true;
            ByteBuf first = held;
            held = allocator.buffer(GATHERED / 16).writeBytes(first);
            first.release();
        }
    }

    /** Hands over what waits; everything else that is written comes behind it. */
    void send() {
        if (held != null) {
            ByteBuf whole = held;
            held = null;
            dialect.data(call, whole, false);
        }
    }

    /** Lets go of what waits. */
    void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
