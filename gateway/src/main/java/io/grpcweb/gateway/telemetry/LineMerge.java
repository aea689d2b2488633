package io.grpcweb.gateway.telemetry;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Brings the lines of all threads together in the order in which they were put in, a buffer at a time: what ended first
 * stands first in the log, whichever event loop it ended on.
 */
final class LineMerge {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final List<LineQueue> queues = new CopyOnWriteArrayList<>();
    private final Output out;

    /** Lines that go out together; room for it is made when the first line comes. */
    private ByteBuffer buffer;

    private int lines;

    /** The bytes of the buffer that the output has and has not written yet. */
    private volatile int leaving;

    /** Writes lines. */
    @FunctionalInterface
    interface Output {
        void write(ByteBuffer lines, int count);
    }

    LineMerge(Output out) {
        this.out = out;
    }

    /** Takes part in the merge from now on; any thread. */
    void add(LineQueue queue) {
        queues.add(queue);
    }

    /** The bytes that are not written yet; any thread. What is on its way from a queue into the buffer may be missing. */
    long waiting() {
        long waiting = leaving;
        for (LineQueue queue : queues) {
            waiting += queue.waiting();
        }
        return waiting;
    }

    /**
     * Writes the lines that were put in until then; returns whether there were any.
     *
     * @param now on the clock of {@link System#nanoTime()}; lines that come later are for the next time
     */
    boolean drain(long now) {
        boolean any = false;
        for (LineQueue first = first(now); first != null; first = first(now)) {
            put(first.line());
            first.remove();
            any = true;
        }
        flush();
        for (LineQueue queue : queues) {
            letGoOf(queue);
        }
        return any;
    }

    /** Gives its memory back where nothing comes any more. */
    private void letGoOf(LineQueue queue) {
        // In this order: a thread that has ended puts nothing in.
        if (queue.isAbandoned() && !queue.hasLine()) {
            queues.remove(queue);
            queue.close();
        }
    }

    /** The queue whose line is the oldest one that was put in until then; null where there is none. */
    private LineQueue first(long now) {
        LineQueue first = null;
        long oldest = now;
        for (LineQueue queue : queues) {
            if (queue.hasLine() && queue.nanoTime() - oldest <= 0) {
                first = queue;
                oldest = queue.nanoTime();
            }
        }
        return first;
    }

    private void put(ByteBuffer line) {
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        }
        if (line.remaining() > buffer.remaining()) {
            flush();
        }
        if (line.remaining() > buffer.remaining()) {
            out.write(line, 1);
            return;
        }
        buffer.put(line);
        lines++;
    }

    private void flush() {
        if (lines > 0) {
            leaving = buffer.position();
            out.write(buffer.flip(), lines);
            leaving = 0;
            buffer.clear();
            lines = 0;
        }
    }
}
