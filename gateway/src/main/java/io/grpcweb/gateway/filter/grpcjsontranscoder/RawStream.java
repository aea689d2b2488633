package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.schema.InvalidJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A stream of bytes of any kind: each part of the body is a message as it comes. */
final class RawStream implements RequestBody {
    private final RequestMessages messages;
    private final RawBody raw;

    RawStream(RequestMessages messages, RawBody raw) {
        this.messages = messages;
        this.raw = raw;
    }

    @Override
    public ByteBuf data(ByteBuf data) throws InvalidJson, Refusal {
        return data.isReadable() ? messages.ofRaw(raw.message(data)) : Unpooled.EMPTY_BUFFER;
    }

    /** An empty body is one message all the same, with what path and query say. */
    @Override
    public ByteBuf end() throws InvalidJson, Refusal {
        return messages.begun() ? Unpooled.EMPTY_BUFFER : messages.ofRaw(raw.message(Unpooled.EMPTY_BUFFER));
    }

    @Override
    public void release() {
        // Nothing is held.
    }
}
