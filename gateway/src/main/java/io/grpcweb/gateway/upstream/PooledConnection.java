package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.http.UpstreamFailure;

/**
 * A connection from the first SYN to its end, as its pool sees it: connecting, then ready, then spent or closed. Says
 * each thing to the pool once, whatever order channels report in.
 */
final class PooledConnection {
    private enum State {
        CONNECTING,
        READY,
        SPENT,
        CLOSED
    }

    private final HostPool pool;
    private State state = State.CONNECTING;
    private UpstreamConnection connection;

    PooledConnection(HostPool pool) {
        this.pool = pool;
    }

    /** Null while connecting. */
    UpstreamConnection connection() {
        return connection;
    }

    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    /** Streams may be opened. */
    void ready(UpstreamConnection opened) {
        if (state == State.CONNECTING) {
            state = State.READY;
            connection = opened;
            pool.ready(this);
        }
    }

    /** A stream has ended, or the peer allows more of them. */
    void roomMade() {
        if (state == State.READY) {
            pool.roomMade(this);
        }
    }

    /** No more streams will be opened on it. */
    void spent() {
        if (state == State.READY) {
            state = State.SPENT;
            pool.spent(this);
        }
    }

    /** It could not be made, or what came over it is not what was expected. */
    void broken(UpstreamFailure failure, String reason) {
        if (state == State.CONNECTING) {
            state = State.CLOSED;
            pool.connectFailed(this, failure, reason);
        } else {
            spent();
        }
    }

    /** The socket is gone. */
    void closed() {
        if (state == State.CONNECTING) {
            broken(UpstreamFailure.CONNECTION_TERMINATION, "closed by the backend while connecting");
            return;
        }
        spent();
        if (state != State.CLOSED) {
            state = State.CLOSED;
            pool.closed(this);
        }
    }
}
