package io.grpcweb.gateway.downstream;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ends a connection that does not say in time what a listener must know before HTTP begins. */
final class OpeningClock {
    /** Envoy's default of {@code listener_filters_timeout}. */
    static final long SECONDS = 15;

    private Future<?> task;

    void start(ChannelHandlerContext ctx) {
        task = ctx.executor().schedule(() -> ctx.close(), SECONDS, TimeUnit.SECONDS);
    }

    /** It has said so, or is gone. */
    void stop() {
        task.cancel(false);
    }
}
