package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.net.ConnectionClock;
import io.grpcweb.gateway.stats.ClusterStats;

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
    private final ConnectionClock clock;
    private State state = State.CONNECTING;
    private UpstreamConnection connection;
    private boolean yielded;

    PooledConnection(HostPool pool) {
        this.pool = pool;
        this.clock = new ConnectionClock(
                pool.config().idleTimeout(),
                pool.config().maxConnectionDuration(),
                () -> {
                    pool.stats().upstreamCxIdleTimeout.increment();
                    retire();
                },
                () -> {
                    pool.stats().upstreamCxMaxDurationReached.increment();
                    retire();
                });
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
            clock.start(pool.loop());
            pool.ready(this);
        }
    }

    boolean hasRoom() {
        return connection != null && connection.hasRoom();
    }

    /** Whether it is ready, and the backend allows no stream at all for the moment. */
    boolean isShut() {
        return connection != null && connection.isShut();
    }

    /** Whether a call that changes the protocol would have to be alone on it, and would not be. */
    boolean isOnlyForOne() {
        return connection.active() > 0 && connection.changesProtocolAlone();
    }

    /** Whether it is ready, and no call is on it. */
    boolean isIdle() {
        return state == State.READY && connection.active() == 0;
    }

    /** Another connection has its place in the circuit breaker from now on. */
    void yieldPlace() {
        yielded = true;
    }

    boolean hasYielded() {
        return yielded;
    }

    /** How many calls it was given. */
    long served() {
        return connection == null ? 0 : connection.served();
    }

    /** Gives a call a stream; only where there is room. */
    void open(UpstreamCallback call) {
        clock.busy();
        connection.open(call);
    }

    /** Takes no more calls, and closes when those that are open have ended. */
    void retire() {
        spent();
        if (connection != null) {
            connection.drain();
        }
    }

    /** A stream has ended, or the peer allows more of them. */
    void roomMade() {
        if (state == State.READY) {
            if (connection.active() == 0) {
                clock.idle();
            }
            pool.roomMade(this);
        }
    }

    /** No more streams will be opened on it. */
    void spent() {
        if (state == State.READY) {
            state = State.SPENT;
            clock.stop();
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

    ClusterStats stats() {
        return pool.stats();
    }

    /** Tells the operator what is wrong with the backend. */
    void complain(String text) {
        pool.host().faults().warn(pool.config().name(), pool.host(), text);
    }

    /** The socket is gone. */
    void closed() {
        if (state == State.CONNECTING) {
            broken(UpstreamFailure.CONNECTION_TERMINATION, "closed the connection before it was ready for calls");
            return;
        }
        spent();
        if (state != State.CLOSED) {
            state = State.CLOSED;
            pool.closed(this);
        }
    }
}
