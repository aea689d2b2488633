package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.format.LineChunk;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** The lines of one thread on their way to a log: the thread puts them in, the log's writer takes them out. */
final class LineQueue {
    private final LineStock stock;
    private final Thread owner = Thread.currentThread();
    private final AtomicLong put = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    /** Of the owner. */
    private LineChunk tail = new LineChunk(ByteBuffer.allocate(0));

    /** Of the writer. */
    private LineChunk head = tail;

    /** A queue of the current thread. */
    LineQueue(LineStock stock) {
        this.stock = stock;
    }

    /** Puts a line in with the time that it is ordered by; whether there was room for it. */
    boolean offer(byte[] line, int length, long nanoTime) {
        if (!tail.append(line, length, nanoTime)) {
            LineChunk fresh = stock.take(length);
            if (fresh == null) {
                return false;
            }
            fresh.append(line, length, nanoTime);
            tail.link(fresh);
            tail = fresh;
        }
        put.lazySet(put.getPlain() + length);
        return true;
    }

    /** Whether a line waits for the writer. */
    boolean hasLine() {
        while (true) {
            // Asked first: a chunk that has a next one gets no further lines.
            LineChunk next = head.next();
            if (head.hasLine()) {
                return true;
            }
            if (next == null) {
                return false;
            }
            stock.release(head);
            head = next;
        }
    }

    /** The time of the line that waits. */
    long nanoTime() {
        return head.nanoTime();
    }

    /** The line that waits; its bytes hold until it is removed. */
    ByteBuffer line() {
        return head.line();
    }

    /** Goes on to the next line. */
    void remove() {
        taken.lazySet(taken.getPlain() + head.remove());
    }

    /** The bytes in it; any thread may ask. */
    long waiting() {
        // Lines may be taken out before they are counted.
        return Math.max(0, put.get() - taken.get());
    }

    /** Whether the thread has ended, so that no line will come. */
    boolean isAbandoned() {
        return !owner.isAlive();
    }

    /** Gives the last chunk back, once an abandoned queue has been drained. */
    void close() {
        stock.release(head);
    }
}
