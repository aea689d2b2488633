package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;

/** Takes the messages of a gRPC body apart, each with its prefix. It holds one that is not whole, and owns what it holds. */
public final class FrameReader {
    private final ByteBufAllocator allocator;
    private final long mostBytes;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    /**
     * Nothing has come.
     *
     * @param mostBytes of a message
     */
    public FrameReader(ByteBufAllocator allocator, long mostBytes) {
        this.allocator = allocator;
        this.mostBytes = mostBytes;
    }

    /** Takes a part of the body over. */
    public void add(ByteBuf data) {
        held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, held, data);
    }

    /** Bytes of the message that comes next; -1 while its prefix is not whole. */
    public long length() {
        return held.readableBytes() < FrameScanner.PREFIX ? -1 : held.getUnsignedInt(held.readerIndex() + 1);
    }

    /** How much is held. */
    public long bytes() {
        return held.readableBytes();
    }

    public boolean isTooLong() {
        return length() > mostBytes;
    }

    /** The flags of the message that comes next. */
    public int flags() {
        return held.getUnsignedByte(held.readerIndex());
    }

    /** The next message without its prefix, valid until something is added; null where it is not whole or too long. */
    public ByteBuf next() {
        long length = length();
        if (length < 0 || length > mostBytes || held.readableBytes() < FrameScanner.PREFIX + length) {
            return null;
        }
        return held.skipBytes(FrameScanner.PREFIX).readSlice((int) length);
    }

    /** Whether nothing of a message is held; the last one is let go then. */
    public boolean isEmpty() {
        if (held.isReadable()) {
            return false;
        }
        release();
        return true;
    }

    /** All that is held, as it came; becomes the caller's. */
    public ByteBuf rest() {
        ByteBuf rest = held;
        held = Unpooled.EMPTY_BUFFER;
        return rest;
    }

    public void release() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }
}
