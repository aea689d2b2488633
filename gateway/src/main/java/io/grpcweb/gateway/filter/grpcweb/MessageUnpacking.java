package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.filter.coding.CodingException;
import io.grpcweb.gateway.filter.coding.Decoder;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Messages that a backend compressed one by one for a client that cannot read them so (grpc doc/compression.md): it holds one
 * until it is complete, and passes others on as they come.
 */
final class MessageUnpacking {
    /** What gRPC itself takes where nothing is configured. */
    private static final long USUAL_LIMIT = 4 * 1024 * 1024;

    private static final int COMPRESSED = 1;
    private static final int ROOM = 4096;

    private final Decoder decoder;
    private final ByteBufAllocator allocator;
    private final long most;
    private final FrameScanner frames = new FrameScanner();
    private final ByteBuf held;
    private LocalReply failure;

    /**
     * Nothing has come.
     *
     * @param decoder stays its owner's
     * @param limit of a message, without its coding too; {@code Long.MAX_VALUE} where none is configured
     */
    MessageUnpacking(Decoder decoder, ByteBufAllocator allocator, long limit) {
        this.decoder = decoder;
        this.allocator = allocator;
        this.most = limit == Long.MAX_VALUE ? USUAL_LIMIT : limit;
        this.held = allocator.buffer(256);
    }

    /** Why nothing can follow; null as long as something can. */
    LocalReply failure() {
        return failure;
    }

    /** Takes data over, and gives the frames of it that can leave, which the caller owns; null where it has failed. */
    ByteBuf unpack(ByteBuf data) {
        ByteBuf out = allocator.directBuffer(Math.max(ROOM, data.readableBytes()));
        try {
            while (data.isReadable() && failure == null) {
                int end = frames.step(data, data.readerIndex(), data.writerIndex());
                take(data.readSlice(end - data.readerIndex()), out);
            }
        } catch (CodingException e) {
            failure = LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "the compressed message: " + e.getMessage());
        } finally {
            data.release();
        }
        if (failure != null) {
            out.release();
            return null;
        }
        return out;
    }

    private void take(ByteBuf part, ByteBuf out) throws CodingException {
        held.writeBytes(part);
        boolean prefixed = frames.remaining() > 0 || frames.atBoundary();
        if (!prefixed) {
            return;
        }
        if ((frames.flags() & COMPRESSED) == 0) {
            out.writeBytes(held);
            held.clear();
        } else if (frames.length() > most) {
            failure = LocalReply.messageTooLong(frames.length(), most);
        } else if (frames.atBoundary()) {
            message(out);
            held.clear();
        }
    }

    private void message(ByteBuf out) throws CodingException {
        int start = out.writerIndex();
        out.writeByte(frames.flags() & ~COMPRESSED).writeInt(0);
        held.skipBytes(FrameScanner.PREFIX);
        boolean more = true;
        while (more) {
            out.ensureWritable(ROOM);
            more = decoder.decode(held, out) || held.isReadable();
            long length = length(out, start);
            if (length > most) {
                failure = LocalReply.messageTooLong(length, most);
                return;
            }
        }
        if (!decoder.isComplete()) {
            failure = LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "the compressed message: ends in the middle");
            return;
        }
        out.setInt(start + 1, length(out, start));
    }

    private static int length(ByteBuf out, int start) {
        return out.writerIndex() - start - FrameScanner.PREFIX;
    }

    /** Whether a message has begun that is not complete. */
    boolean isInMessage() {
        return !frames.atBoundary();
    }

    void release() {
        held.release();
    }
}
