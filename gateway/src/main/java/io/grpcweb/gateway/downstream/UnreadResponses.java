package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.net.StallClock;
import io.grpcweb.gateway.net.WaitingBytes;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives up what an HTTP/2 client does not read: a response that waits for the window of its stream and of which no byte has
 * left for the flush timeout, the one that has waited longest where more waits than a connection may hold, and the whole
 * connection where its socket takes nothing. It runs only while something waits. Confined to the connection's event loop.
 */
final class UnreadResponses {
    /** Bytes that may wait for the windows of one connection's streams. */
    static final long MOST = 16L << 20;

    /** A response that is still being fetched has its idle timeout; below this the flush timeout leaves it alone. */
    private static final Duration INCOMPLETE = Duration.ofMinutes(1);

    private final Http2ServerConnection connection;
    private final WaitingBytes waiting;
    private final StallClock clock;

    UnreadResponses(Http2ServerConnection connection, WaitingBytes waiting, Channel channel) {
        this.connection = connection;
        this.waiting = waiting;
        this.clock = new StallClock(
                channel, connection.service().http().timeouts().streamFlush(), this::look, this::stalled);
    }

    /** What was written was flushed as far as the peer allows. */
    void flushed() {
        clock.flushed(waiting.total() > 0);
        while (waiting.total() > MOST && giveUpLongest()) {
            // The next one.
        }
    }

    /** The connection ends: what it still has to say may not take long. */
    void hurry() {
        clock.hurry(connection.service().http().timeouts().delayedClose());
        clock.flushed(waiting.total() > 0);
    }

    /** Resets the streams in which much waits; how many those were. */
    int giveUp(DrainState.Heavy heavy) {
        int count = 0;
        for (Http2Stream stream : streams()) {
            if (waiting.of(stream) >= heavy.bytes() && heavy.take()) {
                Http2ServerStream open = connection.open(stream);
                if (open != null) {
                    open.gone(ResponseFlag.OVERLOAD_MANAGER, Details.OVERLOAD);
                }
                connection.reset(stream.id(), Http2Error.INTERNAL_ERROR);
                count++;
            }
        }
        return count;
    }

    void stop() {
        clock.stop();
    }

    private void stalled() {
        connection.service().stats().downstreamCxDelayedCloseTimeout.increment();
        connection.context().channel().close();
    }

    private boolean look(long tickNanos) {
        waiting.tick();
        if (waiting.total() == 0) {
            return false;
        }
        for (Http2Stream stream : streams()) {
            long still = waiting.ticksWithoutProgress(stream) * tickNanos;
            long patience = connection.service().flush(patience(stream)).toNanos();
            if (still > 0 && patience > 0 && still >= patience) {
                connection.stats().txFlushTimeout.increment();
                giveUp(stream);
            }
        }
        return waiting.total() > 0;
    }

    private Duration patience(Http2Stream stream) {
        Http2ServerStream open = connection.open(stream);
        if (open == null) {
            return connection.service().http().timeouts().streamFlush();
        }
        Duration flush = open.exchange().timer().flushPatience();
        return open.isAnswered() || flush.isZero() || flush.compareTo(INCOMPLETE) >= 0 ? flush : INCOMPLETE;
    }

    private boolean giveUpLongest() {
        Http2Stream longest = null;
        for (Http2Stream stream : streams()) {
            if (waiting.of(stream) > 0
                    && (longest == null
                            || waiting.ticksWithoutProgress(stream) > waiting.ticksWithoutProgress(longest))) {
                longest = stream;
            }
        }
        if (longest != null) {
            connection.stats().outboundFlood.increment();
            giveUp(longest);
        }
        return longest != null;
    }

    /** RST_STREAM; what waits of the stream is dropped with it. */
    private void giveUp(Http2Stream stream) {
        Http2ServerStream open = connection.open(stream);
        if (open != null) {
            open.gone(ResponseFlag.STREAM_IDLE_TIMEOUT, Details.FLUSH_TIMEOUT);
        }
        connection.reset(stream.id(), Http2Error.CANCEL);
    }

    private List<Http2Stream> streams() {
        List<Http2Stream> active = new ArrayList<>(connection.connection().numActiveStreams());
        try {
            connection.connection().forEachActiveStream(active::add);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return active;
    }
}
