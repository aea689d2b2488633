package io.grpcweb.gateway.filter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Lets one direction of an exchange pass at a rate: it holds data, gives on as much as an allowance grants, and looks again
 * after a slice of time. The end and the trailers keep their place behind the data. While more is held than the bound, the
 * sender is asked to stop. Confined to an event loop.
 */
public final class Throttle implements Way {

    /** Bytes that may pass. */
    @FunctionalInterface
    public interface Allowance {

        /**
         * Takes some.
         *
         * @param most that could be used, more than 0
         * @return 0 to {@code most}
         */
        int take(int most);
    }

    private final EventExecutor loop;
    private final Allowance allowance;
    private final long sliceNanos;
    private final int bound;
    private final Ends ends;
    private final Deque<ByteBuf> held = new ArrayDeque<>(2);
    private long heldBytes;
    private boolean ended;
    private Http2Headers trailers;
    private boolean receiverReady = true;
    private boolean paused;
    private boolean over;
    private boolean passing;
    private Future<?> next;

    /**
     * Nothing is held.
     *
     * @param sliceNanos after which it is looked again
     * @param bound in bytes, above which the sender is asked to stop
     */
    public Throttle(EventExecutor loop, Allowance allowance, long sliceNanos, int bound, Ends ends) {
        this.loop = loop;
        this.allowance = allowance;
        this.sliceNanos = sliceNanos;
        this.bound = bound;
        this.ends = ends;
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        ended = end;
        heldBytes += data.readableBytes();
        if (data.isReadable()) {
            held.add(data);
        } else {
            data.release();
        }
        pass();
    }

    @Override
    public void trailers(Http2Headers fields) {
        if (!over) {
            trailers = fields;
            pass();
        }
    }

    @Override
    public void receiverReady(boolean ready) {
        receiverReady = ready;
        if (over) {
            ends.writable(ready);
            return;
        }
        if (ready) {
            pass();
        }
        pace();
    }

    @Override
    public void close() {
        over = true;
        if (next != null) {
            next.cancel(false);
            next = null;
        }
        held.forEach(ByteBuf::release);
        held.clear();
        heldBytes = 0;
        trailers = null;
    }

    private void slice() {
        next = null;
        pass();
        if (!over) {
            ends.flush();
        }
        pace();
    }

    private void pass() {
        if (passing || over || next != null) {
            pace();
            return;
        }
        passing = true;
        try {
            while (!over && receiverReady && heldBytes > 0) {
                ByteBuf first = held.peek();
                int granted = allowance.take(first.readableBytes());
                if (granted == 0) {
                    break;
                }
                heldBytes -= granted;
                boolean whole = granted == first.readableBytes();
                ByteBuf part = whole ? held.remove() : first.readRetainedSlice(granted);
                passOn(part, ended && trailers == null && heldBytes == 0);
            }
            finish();
        } finally {
            passing = false;
        }
        pace();
    }

    private void passOn(ByteBuf part, boolean end) {
        if (end) {
            over = true;
        }
        ends.data(part, end);
    }

    private void finish() {
        if (over || heldBytes > 0) {
            return;
        }
        if (trailers != null) {
            over = true;
            ends.trailers(trailers);
        } else if (ended) {
            passOn(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private void pace() {
        if (over) {
            return;
        }
        if (heldBytes > 0 && receiverReady && next == null && !passing) {
            next = loop.schedule(this::slice, sliceNanos, TimeUnit.NANOSECONDS);
        }
        boolean stop = heldBytes > bound || !receiverReady;
        if (stop != paused) {
            paused = stop;
            ends.writable(!stop);
        }
    }
}
