package io.grpcweb.gateway.filter.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decodes one direction of an exchange. It decodes no more than its receiver takes: what is left is held as it came, which is
 * small, and whoever sends it is stopped by the receiver. A body that grows beyond all measure ends the direction. Confined to
 * an event loop.
 */
public final class Unpacking {
    /** A body up to here may have grown by any factor. */
    private static final int HARMLESS = 64 * 1024;

    private static final int LARGEST_PART = 64 * 1024;

    /** Where the data goes to. */
    public interface Ends {

        /** Passes on a part, which is handed over. */
        void data(ByteBuf part);

        /** The direction ends; null for no trailers. */
        void end(Http2Headers trailers);

        /**
         * The direction cannot go on.
         *
         * @param tooMuch whether the body has grown too much, or else is not in its coding
         */
        void failed(String why, boolean tooMuch);
    }

    private final Decoder decoder;
    private final ByteBufAllocator allocator;
    private final int most;
    private final Ends ends;
    private final Deque<ByteBuf> held = new ArrayDeque<>(2);
    private Http2Headers trailers;
    private boolean ended;
    private boolean more;
    private boolean ready = true;
    private boolean passing;
    private boolean over;
    private long packed;
    private long unpacked;

    /**
     * Nothing has come.
     *
     * @param decoder stays its owner's
     * @param most how many times longer than its coded form a body may be
     */
    public Unpacking(Decoder decoder, ByteBufAllocator allocator, int most, Ends ends) {
        this.decoder = decoder;
        this.allocator = allocator;
        this.most = most;
        this.ends = ends;
    }

    /** Bytes that have come. */
    public long packed() {
        return packed;
    }

    /** Bytes that were passed on. */
    public long unpacked() {
        return unpacked;
    }

    /** Whether nothing is held that could pass now. */
    public boolean isEmpty() {
        return over || !more && held.isEmpty();
    }

    /** Takes data over. */
    public void data(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        packed += data.readableBytes();
        ended = end;
        if (data.isReadable()) {
            held.add(data);
        } else {
            data.release();
        }
        pass();
    }

    /** Takes the trailers, with which the direction ends. */
    public void trailers(Http2Headers fields) {
        if (!over) {
            trailers = fields;
            ended = true;
            pass();
        }
    }

    /** Whether the receiver takes more at the moment. */
    public void receiverReady(boolean isReady) {
        ready = isReady;
        if (isReady) {
            pass();
        }
    }

    /** Nothing passes any more: what is held is let go. The decoder must live until then. */
    public void close() {
        over = true;
        held.forEach(ByteBuf::release);
        held.clear();
        trailers = null;
    }

    private void pass() {
        if (passing || over) {
            return;
        }
        passing = true;
        try {
            while (!over && ready && (more || !held.isEmpty())) {
                step();
            }
            if (!over && ended && !more && held.isEmpty()) {
                finish();
            }
        } catch (CodingException e) {
            fail(e.getMessage(), false);
        } finally {
            passing = false;
        }
    }

    private void step() throws CodingException {
        ByteBuf first = held.isEmpty() ? Unpooled.EMPTY_BUFFER : held.peek();
        // Twice the input is a guess; a second step costs little.
        int room = Math.min(LARGEST_PART, Math.max(512, first.readableBytes() * 2));
        ByteBuf part = allocator.directBuffer(room, room);
        try {
            more = decoder.decode(first, part);
            if (!held.isEmpty() && !first.isReadable()) {
                held.remove().release();
            }
            unpacked += part.readableBytes();
            if (unpacked > HARMLESS && unpacked > most * packed) {
                fail("grows to more than " + most + " times its size", true);
            } else if (part.isReadable()) {
                ByteBuf whole = part;
                part = null;
                ends.data(whole);
            }
        } finally {
            if (part != null) {
                part.release();
            }
        }
    }

    private void finish() {
        if (!decoder.isComplete()) {
            fail("ends in the middle", false);
            return;
        }
        over = true;
        Http2Headers last = trailers;
        trailers = null;
        ends.end(last);
    }

    private void fail(String why, boolean tooMuch) {
        close();
        ends.failed(why, tooMuch);
    }
}
