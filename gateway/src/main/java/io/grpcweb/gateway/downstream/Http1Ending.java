package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.net.StallClock;
import io.grpcweb.gateway.stats.HttpStats;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How an HTTP/1.1 connection ends: behind what is still to be read by the client, and within the clocks for a client that
 * does not read or does not close (Envoy's {@code stream_flush_timeout} and {@code delayed_close_timeout}). Confined to the
 * connection's event loop.
 */
final class Http1Ending {
    private final ChannelHandlerContext context;
    private final HttpStats stats;
    private final Duration delayedClose;
    private final StallClock stall;
    private Future<?> task;
    private boolean begun;
    private boolean outputEnded;

    /** Done when the client has taken the last response that it did not take at once. */
    private ChannelFuture unread;

    Http1Ending(ChannelHandlerContext context, HttpService service) {
        this.context = context;
        this.stats = service.stats();
        this.delayedClose = service.http().timeouts().delayedClose();
        this.stall = new StallClock(
                context.channel(), service.http().timeouts().streamFlush(), nanos -> false, this::stalled);
    }

    /** Whether the connection ends: nothing that still comes matters. */
    boolean hasBegun() {
        return begun;
    }

    /** A response is complete and was flushed; it may have to wait for the client. */
    void responded(Duration patience) {
        if (stall.isWaiting()) {
            stall.patience(patience);
            stall.flushed(false);
            unread = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
        }
    }

    /**
     * Ends our half and gives the peer time to read. A peer in the middle of its request may send the rest, which is
     * dropped: on the way there are proxies that take the end of our half for the end of the connection, and their reset
     * would take the response with it.
     *
     * @param requestOpen whether a request has not come to its end
     */
    void begin(boolean requestOpen) {
        begun = true;
        stall.hurry(delayedClose);
        if (requestOpen) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> later(this::endOutput));
        } else {
            endOutput();
        }
        stall.flushed(false);
    }

    /** The rest of the request has come. */
    void requestEnded() {
        endOutput();
    }

    /** At once: what waits is lost. */
    void now() {
        begun = true;
        context.close();
    }

    /** The connection is gone. */
    void stop() {
        begun = true;
        stall.stop();
        if (task != null) {
            task.cancel(false);
        }
    }

    /** What still comes is dropped as it is. */
    void stopDecoding() {
        if (context.pipeline().context(StrictRequestDecoder.class) != null) {
            context.pipeline().remove(StrictRequestDecoder.class);
        }
    }

    private void later(Runnable next) {
        if (task != null) {
            task.cancel(false);
        }
        task = context.channel().eventLoop().schedule(next, delayedClose.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void endOutput() {
        if (outputEnded || !context.channel().isOpen()) {
            return;
        }
        outputEnded = true;
        stopDecoding();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) sent -> {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (tls != null) {
                tls.closeOutbound();
            } else if (context.channel() instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
            later(this::stopLingering);
        });
    }

    private void stopLingering() {
        if (context.channel().isOpen()) {
            stats.downstreamCxDelayedCloseTimeout.increment();
            context.close();
        }
    }

    /** The peer takes nothing of what was written. */
    private void stalled() {
        if (begun) {
            stats.downstreamCxDelayedCloseTimeout.increment();
        } else if (unread.isDone()) {
            // What waits is of a response that is not complete, which has a clock of its own.
            stall.flushed(false);
            return;
        }
        context.close();
    }
}
