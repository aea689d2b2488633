package io.grpcweb.gateway.format;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A piece of memory that one thread fills with whole lines and another writes out. Nothing is copied on the way and
 * nothing is locked: the one long that is published says how far the lines reach and how many they are.
 */
public final class LineChunk {
    private static final int POSITION_BITS = 32;

    private final ByteBuffer bytes;
    private final ByteBuffer view;
    private final AtomicLong published = new AtomicLong();
    private volatile LineChunk next;

    /** Of the thread that fills. */
    private int end;

    private long lines;

    /** Of the thread that writes. */
    private long taken;

    public LineChunk(ByteBuffer bytes) {
        this.bytes = bytes;
        this.view = bytes.duplicate();
    }

    public int capacity() {
        return bytes.capacity();
    }

    /** Puts a line behind the others; whether there was room. */
    public boolean append(byte[] line, int length) {
        if (length > bytes.capacity() - end) {
            return false;
        }
        bytes.put(end, line, 0, length);
        end += length;
        lines++;
        // Ordered, but not waited for: nothing depends on when the other thread sees it.
        published.lazySet(lines << POSITION_BITS | end);
        return true;
    }

    /** The chunk that is filled after this one; nothing more comes into this one. */
    public void link(LineChunk following) {
        next = following;
    }

    public LineChunk next() {
        return next;
    }

    /** Who writes takes the lines that came since the last time; returns how many. */
    public int take() {
        long now = published.get();
        int count = (int) (now >>> POSITION_BITS) - (int) (taken >>> POSITION_BITS);
        view.limit((int) now).position((int) taken);
        taken = now;
        return count;
    }

    /** The bytes of the lines that were taken. */
    public ByteBuffer region() {
        return view;
    }

    /** To be filled again, by anyone. */
    public void clear() {
        end = 0;
        lines = 0;
        taken = 0;
        next = null;
        published.set(0);
    }
}
