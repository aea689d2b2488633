package io.grpcweb.gateway.format;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A piece of memory that one thread fills with whole lines and another reads. Nothing is locked: the one number that is
 * published says how far the lines reach. In front of each line stand the time at which it was put in (8 bytes, the clock of
 * {@link System#nanoTime()}) and its length (4 bytes).
 */
public final class LineChunk {
    /** The bytes that a line takes beside its own. */
    public static final int HEADER_BYTES = 12;

    private static final int LENGTH_AT = 8;

    private final ByteBuffer bytes;
    private final ByteBuffer view;
    private final AtomicInteger published = new AtomicInteger();
    private volatile LineChunk next;

    /** Of the thread that fills. */
    private int end;

    /** Of the thread that reads. */
    private int position;

    public LineChunk(ByteBuffer bytes) {
        this.bytes = bytes;
        this.view = bytes.duplicate();
    }

    public int capacity() {
        return bytes.capacity();
    }

    /** Puts a line behind the others; whether there was room. */
    public boolean append(byte[] line, int length, long nanoTime) {
        if (length > bytes.capacity() - end - HEADER_BYTES) {
            return false;
        }
        bytes.putLong(end, nanoTime).putInt(end + LENGTH_AT, length).put(end + HEADER_BYTES, line, 0, length);
        end += HEADER_BYTES + length;
        // Ordered, but not waited for: nothing depends on when the other thread sees it.
        published.lazySet(end);
        return true;
    }

    /** The chunk that is filled after this one; nothing more comes into this one. */
    public void link(LineChunk following) {
        next = following;
    }

    public LineChunk next() {
        return next;
    }

    /** Whether a line waits for the thread that reads. */
    public boolean hasLine() {
        return position < published.get();
    }

    /** When the line that waits was put in. */
    public long nanoTime() {
        return bytes.getLong(position);
    }

    /** The line that waits; its bytes hold until it is removed. */
    public ByteBuffer line() {
        int from = position + HEADER_BYTES;
        return view.limit(from + length()).position(from);
    }

    /** Goes on to the next line; returns how many bytes the one that waited has. */
    public int remove() {
        int length = length();
        position += HEADER_BYTES + length;
        return length;
    }

    private int length() {
        return bytes.getInt(position + LENGTH_AT);
    }

    /** To be filled again, by anyone. */
    public void clear() {
        end = 0;
        position = 0;
        next = null;
        published.set(0);
    }
}
