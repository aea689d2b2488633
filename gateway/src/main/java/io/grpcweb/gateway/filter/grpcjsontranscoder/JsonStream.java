package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.schema.InvalidJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** A JSON array of messages: each one leaves as soon as it is whole. */
final class JsonStream implements RequestBody {
    private final RequestMessages messages;
    private final ArraySplitter elements;

    JsonStream(RequestMessages messages, int most, ByteBufAllocator allocator) {
        this.messages = messages;
        this.elements = new ArraySplitter(most, allocator);
    }

    @Override
    public ByteBuf data(ByteBuf data) throws InvalidJson, Refusal {
        ByteBuf out = null;
        boolean whole = false;
        try {
            while (elements.next(data)) {
                ByteBuf frame = messages.ofJson(elements.element());
                out = out == null ? frame : append(out, frame);
            }
            whole = true;
        } finally {
            if (!whole && out != null) {
                out.release();
            }
        }
        return out == null ? Unpooled.EMPTY_BUFFER : out;
    }

    private static ByteBuf append(ByteBuf out, ByteBuf frame) {
        out.writeBytes(frame);
        frame.release();
        return out;
    }

    @Override
    public ByteBuf end() throws Refusal {
        elements.end();
        return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void release() {
        elements.release();
    }
}
