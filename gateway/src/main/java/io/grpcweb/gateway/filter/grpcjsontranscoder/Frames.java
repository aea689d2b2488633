package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.http.FrameScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Finds the messages of a gRPC body that comes in parts (grpc doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message). */
final class Frames {
    private final int most;
    private final ByteBuf held;

    /** Bytes of the message that comes; below 0 while its prefix is not whole. */
    private int length = -1;

    private boolean taken;

    /**
     * Has seen nothing.
     *
     * @param most bytes of a frame
     */
    Frames(int most, ByteBufAllocator allocator) {
        this.most = most;
        this.held = allocator.buffer(0);
    }

    /** The message that was found last; valid until the next is looked for. */
    ByteBuf message() {
        return held;
    }

    /** Looks for the end of a message in what has come; false when all of it was looked at. */
    boolean next(ByteBuf data) throws Refusal {
        if (taken) {
            held.clear();
            taken = false;
            length = -1;
        }
        if (length < 0) {
            fill(data, FrameScanner.PREFIX);
            if (held.readableBytes() < FrameScanner.PREFIX) {
                return false;
            }
            readPrefix();
        }
        fill(data, length);
        taken = held.readableBytes() == length;
        return taken;
    }

    private void fill(ByteBuf data, int wanted) {
        held.writeBytes(data, Math.min(wanted - held.readableBytes(), data.readableBytes()));
    }

    private void readPrefix() throws Refusal {
        int flags = held.readUnsignedByte();
        long announced = held.readUnsignedInt();
        if (flags != 0) {
            throw new Refusal(Failure.badFrame("Unsupported gRPC frame flag: " + flags));
        }
        if (announced + FrameScanner.PREFIX > most) {
            throw new Refusal(Failure.responseTooLarge());
        }
        length = (int) announced;
        held.clear();
    }

    /** The body ends here. */
    void end() throws Refusal {
        if (length >= 0 && !taken) {
            throw new Refusal(Failure.badFrame(
                    "Incomplete gRPC frame expected size: " + length + " actual size: " + held.readableBytes()));
        }
        if (length < 0 && held.isReadable()) {
            throw new Refusal(Failure.badFrame("Incomplete gRPC frame header received"));
        }
    }

    void release() {
        held.release();
    }
}
