package io.grpcweb.gateway.downstream;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Whether the connections of a listener, or of one of its filter chains, are to end, and all that are open. */
public final class DrainState {

    /** What connections are told, as a user event of their pipelines. */
    public enum Event {
        /** End when the streams have ended. */
        DRAIN,
        /** The same, but one with a stream is told with the end of a response only. */
        DRAIN_IDLE,
        /** End the streams, with a status. */
        FINISH,
        /** Timeouts have changed. */
        TIMERS
    }

    /**
     * Streams in which much waits for the client are to be reset; a user event as well.
     *
     * @param bytes that one has waiting at least
     * @param left how many more may be reset, of all connections
     */
    record Heavy(long bytes, AtomicInteger left) {
        /** Takes one of those that may be reset. */
        boolean take() {
            return left.getAndDecrement() > 0;
        }
    }

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final DrainState outer;
    private volatile double share;

    /** Of a listener. */
    public DrainState() {
        this(null);
    }

    /**
     * Of a filter chain.
     *
     * @param listener whose drain is also a drain of the chain
     */
    DrainState(DrainState listener) {
        this.outer = listener;
    }

    void add(Channel channel) {
        connections.add(channel);
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Whether a response that leaves now should end its connection; a share of them does while a drain ramps up. */
    boolean shouldClose() {
        if (outer != null && outer.shouldClose()) {
            return true;
        }
        double now = share;
        return now >= 1 || (now > 0 && ThreadLocalRandom.current().nextDouble() < now);
    }

    /** The share of responses that end their connection, 0 to 1: Envoy's gradual drain. */
    public void share(double newShare) {
        share = newShare;
    }

    /** Tells every open connection to end when its streams have ended: GOAWAY, {@code connection: close}. */
    public void begin() {
        share = 1;
        tell(Event.DRAIN);
    }

    /**
     * Lets every open connection end with its next response. One without a stream is told at once over HTTP/2, where what crosses
     * that on the way is safe to send again, and ends after some seconds without a request over HTTP/1.1, where it is not. A client
     * with nothing but a long stream is left alone, since some give up their streams when they hear of the end.
     */
    public void beginWhenIdle() {
        share = 1;
        tell(Event.DRAIN_IDLE);
    }

    /** Ends every stream that is still open with status 14. */
    public void finish() {
        tell(Event.FINISH);
    }

    /** Timeouts have changed: those that run are looked at again. */
    public void recheckTimers() {
        tell(Event.TIMERS);
    }

    /**
     * Resets streams in which much waits for the client.
     *
     * @param left how many may be; shared with other listeners
     */
    public void resetHeavy(long bytes, AtomicInteger left) {
        tell(new Heavy(bytes, left));
    }

    /** Closes what is still open. */
    public void close() {
        connections.close();
    }

    /**
     * Closes every connection at once, whatever is under way on it. An event loop that is shut down without a quiet period may end
     * before it has closed its channels, and what their calls hold would stay.
     */
    public void abort() {
        for (Channel channel : connections) {
            if (!channel.eventLoop().isShuttingDown()) {
                channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
            }
        }
    }

    private void tell(Object event) {
        for (Channel channel : connections) {
            channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(event));
        }
    }
}
