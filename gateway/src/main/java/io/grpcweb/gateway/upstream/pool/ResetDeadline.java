package io.grpcweb.gateway.upstream.pool;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How long a backend may leave RST_STREAM unread: behind what it does not read of the connection, calls would be given up
 * one after another and stay. One task at most looks for all of them. Confined to the connection's event loop.
 */
final class ResetDeadline {
    static final long NANOS = TimeUnit.SECONDS.toNanos(15);

    private final Runnable passed;
    private ChannelFuture behind;
    private boolean more;
    private Future<?> task;

    /**
     * Of one connection.
     *
     * @param passed gives the connection up
     */
    ResetDeadline(Runnable passed) {
        this.passed = passed;
    }

    /** A reset was written. */
    void written(ChannelHandlerContext connection) {
        more = task != null;
        if (!more) {
            // Frames are gathered: only what is written behind them tells when the socket has taken them.
            behind = connection.write(Unpooled.EMPTY_BUFFER);
            task = connection.executor().schedule(() -> look(connection), NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void look(ChannelHandlerContext connection) {
        task = null;
        if (!behind.isDone()) {
            passed.run();
        } else if (more) {
            written(connection);
            connection.flush();
        }
    }

    void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }
}
