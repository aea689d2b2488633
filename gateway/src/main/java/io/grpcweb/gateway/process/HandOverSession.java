package io.grpcweb.gateway.process;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.unix.FileDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The old process's end of a hand-over, one line each way:
 *
 * <pre>
 *   take       -> sockets N    the admin listener is closed
 *   send       -> N descriptors (SCM_RIGHTS), each with a byte
 *   ready S    -> draining     nothing more is accepted, what is open has S seconds
 * </pre>
 *
 * A descriptor must not come in the same read as a line, so it is asked for.
 */
final class HandOverSession extends SimpleChannelInboundHandler<String> {
    private static final Logger LOG = LoggerFactory.getLogger(HandOverSession.class);

    private final Giver giver;
    private final AtomicBoolean taken;
    private final Supplier<ChannelFuture> closeSocket;
    private List<FileDescriptor> sockets;
    private boolean over;

    /**
     * For one connection.
     *
     * @param taken whether another connection takes over already; shared
     * @param closeSocket makes way for the socket of the new process
     */
    HandOverSession(Giver giver, AtomicBoolean taken, Supplier<ChannelFuture> closeSocket) {
        this.giver = giver;
        this.taken = taken;
        this.closeSocket = closeSocket;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
        if (line.equals("take") && sockets == null) {
            take(ctx);
        } else if (line.equals("send") && sockets != null) {
            sockets.forEach(ctx::write);
            ctx.flush();
        } else if (line.startsWith("ready ") && sockets != null && !over) {
            end(ctx, Duration.ofSeconds(Long.parseLong(line.substring("ready ".length()))));
        } else {
            LOG.warn("the process that takes over sent '{}'", line);
            ctx.close();
        }
    }

    private void take(ChannelHandlerContext ctx) {
        if (!taken.compareAndSet(false, true)) {
            ctx.writeAndFlush("busy\n");
            return;
        }
        LOG.info("another process takes over: it gets the listening sockets, and the admin listener is closed");
        sockets = giver.lend();
        ctx.writeAndFlush("sockets " + sockets.size() + "\n");
    }

    private void end(ChannelHandlerContext ctx, Duration limit) {
        over = true;
        LOG.info("the process that takes over is ready: draining for {} s at most", limit.toSeconds());
        closeSocket.get().addListener(closed -> {
            giver.end(limit);
            ctx.writeAndFlush("draining\n");
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (sockets != null && !over) {
            LOG.warn("the process that was to take over has ended before it was ready");
            sockets = null;
            giver.resume();
            taken.set(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.warn("the process that takes over: {}", cause.toString());
        ctx.close();
    }
}
