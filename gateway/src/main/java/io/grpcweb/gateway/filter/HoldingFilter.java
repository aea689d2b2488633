package io.grpcweb.gateway.filter;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * A filter that must wait before a request may go on, for the response of a service or for a time. It holds the head, a
 * bounded part of the body and the trailers. A subclass decides with {@link #resume} or {@link #refuse}, at once in {@link
 * #arrived} or later, always on the event loop of the exchange; where it needs the body for that, it asks with {@link
 * #collect}.
 *
 * <p>While the bound is reached, the client gets no credit: an upload of any length costs the bound and the window of the
 * client. Over HTTP/1.1 its connection is not read from then, so that the end of it behind such an upload is seen when the
 * wait is over; whoever waits sets a time-out. When the exchange ends in another way (the client has gone, a time-out, a local reply of another filter),
 * the filter lets go of what it holds and says so with {@link #abandoned}.
 */
public abstract class HoldingFilter extends HttpFilter {
    private enum State {
        /** No head has come. */
        NEW,
        /** Nothing is passed on. */
        HOLDING,
        /** The same, and the body is wanted. */
        COLLECTING,
        /** What was held is being passed on. */
        RESUMING,
        /** Everything is passed on as it comes. */
        OPEN,
        /** The request goes no further. */
        CLOSED
    }

    private final Exchange exchange;
    private final HeldBody body;
    private int mostBytes;
    private State state = State.NEW;
    private Http2Headers head;
    private Http2Headers trailers;
    private boolean headEnds;
    private boolean complete;
    private boolean partial;

    /** Whether the client is held back by this filter. */
    private boolean paused;

    private boolean lowerWritable = true;

    /**
     * A filter that has not seen its request.
     *
     * @param mostBytes of the body that are held before the client is held back, 0 or more
     */
    protected HoldingFilter(Exchange exchange, int mostBytes) {
        this.exchange = exchange;
        this.mostBytes = mostBytes;
        this.body = new HeldBody(exchange.allocator());
    }

    /** The exchange that waits. */
    protected final Exchange exchange() {
        return exchange;
    }

    /** Whether the request still waits for {@link #resume} or {@link #refuse}. */
    protected final boolean isHolding() {
        return state == State.HOLDING || state == State.COLLECTING;
    }

    /** The head that is held, which may be changed until {@link #resume}; null before it came. */
    protected final Http2Headers head() {
        return head;
    }

    // What a subclass does.

    /**
     * A request has arrived and is held from now on.
     *
     * @param head may be changed
     * @param end whether the request has no body
     */
    protected abstract void arrived(Http2Headers head, boolean end);

    /**
     * The body that {@link #collect} asked for is there; the request is still held.
     *
     * @param lent is valid during the call; who needs it longer retains a slice
     * @param all whether it is the whole body
     */
    protected void collected(ByteBuf lent, boolean all) {}

    /**
     * The exchange has ended while it waited. What is under way for it, such as a side call, is to be given up; nothing may
     * be sent any more.
     */
    protected void abandoned() {}

    /** The response where the body is longer than {@link #collect} allows. */
    protected LocalReply tooLarge(int limit) {
        return LocalReply.payloadTooLarge();
    }

    // What a subclass calls.

    /**
     * Waits for the body, and calls {@link #collected} once. A request without one has an empty one.
     *
     * @param most bytes of the body; these are the bound of this filter from now on
     * @param orPart whether the first bytes are enough where the body is longer; else it is answered with {@link #tooLarge}
     */
    protected final void collect(int most, boolean orPart) {
        if (state != State.HOLDING) {
            return;
        }
        state = State.COLLECTING;
        mostBytes = most;
        partial = orPart;
        bodyChanged();
        if (state == State.COLLECTING && paused && body.bytes() <= most) {
            paused = false;
            upper().requestWritable(true);
        }
    }

    /** Lets the request go on with all that is held, in order. Nothing happens where it does not wait any more. */
    protected final void resume() {
        if (!isHolding()) {
            return;
        }
        state = State.RESUMING;
        try {
            passOn();
        } catch (RuntimeException | VirtualMachineError e) {
            close();
            exchange.broken(e);
        }
    }

    /** Ends the exchange with a local reply. Nothing happens where it does not wait any more. */
    protected final void refuse(LocalReply reply) {
        if (isHolding()) {
            close();
            exchange.reply(reply);
        }
    }

    // The request.

    @Override
    public final void requestHead(Http2Headers fields, boolean end) {
        head = fields;
        headEnds = end;
        complete = end;
        state = State.HOLDING;
        arrived(fields, end);
        holdBack();
    }

    @Override
    public final void requestData(ByteBuf data, boolean end) {
        switch (state) {
            case OPEN -> lower().requestData(data, end);
            case NEW, CLOSED -> data.release();
            case HOLDING, COLLECTING, RESUMING -> {
                complete = end;
                body.add(data);
                bodyChanged();
            }
        }
    }

    @Override
    public final void requestTrailers(Http2Headers fields) {
        switch (state) {
            case OPEN -> lower().requestTrailers(fields);
            case NEW, CLOSED -> {}
            case HOLDING, COLLECTING, RESUMING -> {
                complete = true;
                trailers = fields;
                bodyChanged();
            }
        }
    }

    private void bodyChanged() {
        if (state == State.COLLECTING) {
            boolean more = body.bytes() > mostBytes;
            if (more && !partial) {
                refuse(tooLarge(mostBytes));
                return;
            }
            if (complete || more) {
                state = State.HOLDING;
                holdBack();
                ByteBuf view = body.view(mostBytes);
                try {
                    collected(view, !more);
                } finally {
                    view.release();
                }
                return;
            }
        }
        holdBack();
    }

    /** A bound of zero bytes is reached by the head; a body that is collected may be as long as the bound. */
    private void holdBack() {
        if (state == State.HOLDING && !complete && !paused && body.bytes() >= mostBytes) {
            paused = true;
            upper().requestWritable(false);
        }
    }

    private void passOn() {
        lower().requestHead(head, headEnds);
        boolean ended = headEnds;
        while (goesOn() && !body.isEmpty()) {
            ByteBuf part = body.poll();
            ended = complete && body.isEmpty() && trailers == null;
            lower().requestData(part, ended);
        }
        if (!goesOn()) {
            close();
            return;
        }
        if (trailers != null) {
            lower().requestTrailers(trailers);
        } else if (complete && !ended) {
            lower().requestData(Unpooled.EMPTY_BUFFER, true);
        }
        if (state == State.RESUMING) {
            state = State.OPEN;
        }
        if (paused) {
            paused = false;
            if (lowerWritable) {
                upper().requestWritable(true);
            }
        }
    }

    /** Whether nobody below has answered or given up on what was passed on. */
    private boolean goesOn() {
        return state == State.RESUMING && exchange.localReply() == null && !exchange.isOver();
    }

    @Override
    public final void requestWritable(boolean writable) {
        lowerWritable = writable;
        if (!paused) {
            upper().requestWritable(writable);
        }
    }

    @Override
    public void cancel() {
        letGo();
        lower().cancel();
    }

    // The response. While the request is held it can only be a local reply: nobody below has seen the request.

    @Override
    public void responseHead(Http2Headers fields, boolean end) {
        letGo();
        upper().responseHead(fields, end);
    }

    private void letGo() {
        if (isHolding()) {
            close();
            abandoned();
        } else if (exchange.isOver()) {
            close();
        }
    }

    private void close() {
        state = State.CLOSED;
        body.release();
        trailers = null;
    }
}
