package io.grpcweb.gateway.filter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The part of a body that a filter holds, in order; it owns the buffers. Small parts are copied together: a slice of a few
 * bytes would keep the whole buffer of its read in memory.
 */
public final class HeldBody {
    private static final int COPY_BELOW = 4096;
    private static final int COALESCED = 16 * 1024;

    private final ByteBufAllocator allocator;
    private final Deque<ByteBuf> parts = new ArrayDeque<>(2);

    /** The last part, while small ones may still be copied to it. */
    private ByteBuf open;

    private long bytes;

    /** Nothing is held. */
    public HeldBody(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** How many there are. */
    public long bytes() {
        return bytes;
    }

    /** Whether nothing is held. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Takes a part over. */
    public void add(ByteBuf data) {
        int length = data.readableBytes();
        bytes += length;
        if (length >= COPY_BELOW) {
            open = null;
            parts.add(data);
            return;
        }
        if (length > 0) {
            if (open == null || open.readableBytes() + length > COALESCED) {
                open = allocator.buffer(Math.max(256, length));
                parts.add(open);
            }
            open.writeBytes(data);
        }
        data.release();
    }

    /** The first part, which becomes the caller's; null where nothing is left. */
    public ByteBuf poll() {
        ByteBuf part = parts.poll();
        if (part != null) {
            bytes -= part.readableBytes();
            if (parts.isEmpty()) {
                open = null;
            }
        }
        return part;
    }

    /** Leaves out the first bytes, as far as there are any. */
    public void skip(int most) {
        int left = most;
        while (left > 0 && !parts.isEmpty()) {
            ByteBuf part = parts.peek();
            int skipped = Math.min(left, part.readableBytes());
            part.skipBytes(skipped);
            bytes -= skipped;
            left -= skipped;
            if (!part.isReadable()) {
                parts.remove();
                part.release();
                open = parts.isEmpty() ? null : open;
            }
        }
    }

    /** The first bytes as one buffer, which does not change any more; the caller releases it. */
    ByteBuf view(int most) {
        // What is copied to the last part from now on would be in the view as well.
        open = null;
        ByteBuf[] all = parts.stream().map(ByteBuf::retainedDuplicate).toArray(ByteBuf[]::new);
        ByteBuf whole = Unpooled.wrappedUnmodifiableBuffer(all);
        return whole.readableBytes() > most ? whole.readSlice(most) : whole;
    }

    /** Lets go of all. */
    public void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
        open = null;
        bytes = 0;
    }
}
