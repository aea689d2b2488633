package io.grpcweb.gateway.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener that could not accept, as a rule because all file descriptors are taken: it rests a moment, so that the loop
 * does not spin, and says so once in a while. What waits is accepted when others have gone.
 */
public final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long REST_MILLIS = 100;
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final String listener;
    private final SpareDescriptors spares;
    private long failures;
    private long saidNanos;

    /**
     * For one listener.
     *
     * @param listener its name, for the log
     * @param spares are made free for it; null where it has none
     */
    public AcceptFailures(String listener, SpareDescriptors spares) {
        this.listener = listener;
        this.spares = spares;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failures++;
        say(cause);
        if (spares != null && spares.release()) {
            return;
        }
        if (ctx.channel().config().isAutoRead()) {
            ctx.channel().config().setAutoRead(false);
            EventLoop loop = ctx.channel().eventLoop();
            loop.schedule(() -> ctx.channel().config().setAutoRead(true), REST_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void say(Throwable cause) {
        long now = System.nanoTime();
        if (saidNanos == 0 || now - saidNanos > QUIET_NANOS) {
            LOG.warn(
                    "listener {}: connections cannot be accepted, {} times by now: {}",
                    listener,
                    failures,
                    cause.toString());
            saidNanos = now;
        }
    }
}
