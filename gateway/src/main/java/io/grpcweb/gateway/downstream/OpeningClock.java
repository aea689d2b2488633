package io.grpcweb.gateway.downstream;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ends a connection that does not say in time what a listener must know before HTTP begins. */
final class OpeningClock {
    private final Duration patience;
    private Future<?> task;

    /** @param patience zero: for ever */
    OpeningClock(Duration patience) {
        this.patience = patience;
    }

    void start(ChannelHandlerContext ctx) {
        if (!patience.isZero()) {
            task = ctx.executor().schedule(() -> ctx.close(), patience.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** It has said so, or is gone. */
    void stop() {
        if (task != null) {
            task.cancel(false);
        }
    }
}
