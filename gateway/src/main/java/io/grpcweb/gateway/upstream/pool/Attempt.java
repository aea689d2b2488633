package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.AttemptObserver;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.grpcweb.gateway.upstream.host.Host;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** One try at one endpoint to have a request answered. What comes after it was given up does not reach its owner. */
public final class Attempt implements UpstreamCallback {
    private final AttemptOwner owner;
    private final HostPool pool;
    private final CircuitBreakers.Limits limits;
    private UpstreamStream stream;

    /** Null where nobody observes, and the five below it are not kept then. */
    private AttemptObserver.Ending ending;

    private int status;
    private int grpcStatus = -1;
    private CharSequence grpcMessage;
    private UpstreamFailure failure;
    private boolean gaveUp;
    private boolean pending;
    private boolean reported;
    private boolean over;

    /**
     * A try that has not begun.
     *
     * @param limits the circuit breakers that it must pass
     */
    public Attempt(AttemptOwner owner, HostPool pool, CircuitBreakers.Limits limits) {
        this.owner = owner;
        this.pool = pool;
        this.limits = limits;
    }

    public Host host() {
        return pool.host();
    }

    /** Null until a connection has room, and when the try is over. */
    public UpstreamStream stream() {
        return over ? null : stream;
    }

    /** Whether the request was given to a connection. */
    public boolean wasOpened() {
        return stream != null;
    }

    /** Takes its places in the circuit breakers, to be given back at its end; false where one of them is open. */
    public boolean admit() {
        pending = !pool.hasRoom();
        if (pending && !limits.pending().tryAcquire()) {
            pool.stats().upstreamRqPendingOverflow.increment();
            return false;
        }
        if (limits.requests().tryAcquire()) {
            return true;
        }
        pool.stats().upstreamRqActiveOverflow.increment();
        endPending();
        return false;
    }

    private void endPending() {
        if (pending) {
            pending = false;
            limits.pending().release();
        }
    }

    /** Whether the cluster knows already how it went. */
    boolean isReported() {
        return reported;
    }

    void reported() {
        reported = true;
    }

    /** Says who is told how it ends, from now on. */
    public void observed(AttemptObserver.Ending by) {
        ending = by;
    }

    /** Asks the pool for a stream. */
    public void start() {
        pool.host().requestStarted();
        pool.start(this);
    }

    /** Gives up: the backend sees RST_STREAM with the {@linkplain AttemptOwner#cancelCode() code} of the owner. */
    public void cancel() {
        if (over) {
            return;
        }
        gaveUp = true;
        end();
        if (stream == null) {
            pool.stats().upstreamRqCancelled.increment();
            pool.cancel(this);
        } else {
            pool.stats().upstreamRqTxReset.increment();
            stream.reset(owner.cancelCode());
        }
    }

    private void end() {
        endTelling();
        limits.requests().release();
    }

    private void endTelling() {
        over = true;
        pool.host().requestEnded();
        if (stream != null) {
            pool.stats().upstreamRqActive.decrement();
        }
        endPending();
        if (ending != null) {
            try {
                ending.ended(status, grpcStatus, grpcMessage, failure, gaveUp);
            } catch (RuntimeException | VirtualMachineError e) {
                owner.broken(e);
            }
        }
    }

    @Override
    public boolean changesProtocol() {
        return owner.changesProtocol();
    }

    // From the connection. A fault on the way up ends this exchange and not the connection, which serves others.

    @Override
    public void opened(UpstreamStream opened) {
        stream = opened;
        endPending();
        pool.host().requestSent();
        if (over) {
            opened.reset(owner.cancelCode());
        } else {
            pool.stats().upstreamRqTotal.increment();
            pool.stats().upstreamRqActive.increment();
            try {
                owner.opened(this);
            } catch (RuntimeException | VirtualMachineError e) {
                owner.broken(e);
            }
        }
    }

    @Override
    public void head(Http2Headers head, boolean end) {
        if (over) {
            return;
        }
        if (ending != null) {
            status = Exchange.status(head);
            if (end) {
                grpcEnd(head);
            }
        }
        // As in Envoy, a retry budget still counts a request of HTTP/1.1 when its response is looked at.
        boolean counted = end && stream != null && stream.protocol() == Protocol.HTTP_1_1;
        if (counted) {
            endTelling();
        } else if (end) {
            end();
        }
        try {
            owner.answerHead(this, head, end);
        } catch (RuntimeException | VirtualMachineError e) {
            owner.broken(e);
        } finally {
            if (counted) {
                limits.requests().release();
            }
        }
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        if (end) {
            end();
        }
        try {
            owner.answerData(this, data, end);
        } catch (RuntimeException | VirtualMachineError e) {
            owner.broken(e);
        }
    }

    @Override
    public void trailers(Http2Headers trailers) {
        if (over) {
            return;
        }
        if (ending != null) {
            grpcEnd(trailers);
        }
        end();
        try {
            owner.answerTrailers(this, trailers);
        } catch (RuntimeException | VirtualMachineError e) {
            owner.broken(e);
        }
    }

    private void grpcEnd(Http2Headers last) {
        grpcStatus = OutcomeReport.grpcStatus(last);
        grpcMessage = last.get(GrpcHeaders.MESSAGE);
    }

    @Override
    public void readComplete() {
        owner.responseFlush();
    }

    @Override
    public void requestWritable(boolean writable) {
        if (!over) {
            owner.backendWritable(writable);
        }
    }

    @Override
    public void failed(UpstreamFailure how, long resetCode, boolean unprocessed, String reason) {
        if (over) {
            return;
        }
        failure = how;
        count(how);
        end();
        try {
            owner.failed(this, how, resetCode, unprocessed, reason);
        } catch (RuntimeException | VirtualMachineError e) {
            owner.broken(e);
        }
    }

    private void count(UpstreamFailure how) {
        switch (how) {
            case REMOTE_RESET -> pool.stats().upstreamRqRxReset.increment();
            case CONNECTION_TERMINATION -> {
                // As in Envoy, where a connection of HTTP/1.1 carries no more than the one call.
                if (stream == null || stream.protocol() != Protocol.HTTP_1_1) {
                    pool.stats().upstreamRqPendingFailureEject.increment();
                }
            }
            case PROTOCOL_ERROR -> pool.stats().upstreamCxProtocolError.increment();
            // As in Envoy, a stream that was refused is no reset.
            case REFUSED_STREAM,
                    CONNECTION_FAILURE,
                    CONNECTION_REFUSED,
                    LOCAL_CONNECTION_FAILURE,
                    CONNECTION_TIMEOUT -> {}
        }
    }
}
