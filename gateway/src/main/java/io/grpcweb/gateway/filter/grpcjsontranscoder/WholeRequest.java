package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.ByteString;
import io.grpcweb.gateway.schema.InvalidJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** A request with one message: the body is held until it is whole. */
final class WholeRequest implements RequestBody {
    private final RequestMessages messages;
    private final RawBody raw;
    private final int most;
    private final ByteBuf held;

    /**
     * Holds nothing yet.
     *
     * @param raw makes a message of bytes of any kind; null where they are JSON
     */
    WholeRequest(RequestMessages messages, RawBody raw, int most, ByteBufAllocator allocator) {
        this.messages = messages;
        this.raw = raw;
        this.most = most;
        this.held = allocator.buffer(0);
    }

    @Override
    public ByteBuf data(ByteBuf data) throws Refusal {
        if ((long) held.readableBytes() + data.readableBytes() > most) {
            throw new Refusal(Failure.requestTooLarge());
        }
        held.writeBytes(data);
        return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public ByteBuf end() throws InvalidJson, Refusal {
        if (raw == null) {
            return messages.ofJson(held);
        }
        ByteString body = raw.message(held);
        return messages.ofRaw(body);
    }

    @Override
    public void release() {
        held.release();
    }
}
