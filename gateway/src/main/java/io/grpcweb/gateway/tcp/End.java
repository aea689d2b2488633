package io.grpcweb.gateway.tcp;

import io.grpcweb.gateway.net.ConnectionFault;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One of the two connections of a session, and how its directions end; on its event loop. */
final class End {
    /** How long a peer may take to read the rest before its connection is closed all the same. */
    private static final long FLUSH_SECONDS = 10;

    private final Channel channel;
    private boolean ended;
    private boolean finished;
    private boolean reset;

    End(Channel channel) {
        this.channel = channel;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    Channel channel() {
        return channel;
    }

    /** Whether an event of a pipeline says that the peer sends nothing more. */
    static boolean isEnd(Object event) {
        return event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
    }

    /** Reads from it, or leaves what comes to the system. */
    void read(boolean wanted) {
        // The other side may have seen its end before this one has.
        if (channel.isActive()) {
            channel.config().setAutoRead(wanted);
        }
    }

    /** The peer sends nothing more; false where that is known. */
    boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the peer has broken the connection off. */
    boolean isReset() {
        return reset;
    }

    /** Tells the peer, behind what was written, that nothing more comes. */
    void finish() {
        if (finished) {
            return;
        }
        finished = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null) {
                tls.closeOutbound();
            } else if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            } else {
                channel.close();
            }
        });
    }

    /** Closes it behind what was written, or when the peer takes too long to read that. */
    void closeFlushed() {
        Future<?> limit = channel.eventLoop().schedule(() -> channel.close(), FLUSH_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> limit.cancel(false));
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> channel.close());
    }

    /** Breaks it off, as the other peer has done (RST). */
    void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    void broken(ChannelHandlerContext ctx, Throwable cause) {
        reset |= cause instanceof IOException;
        ConnectionFault.close(ctx, cause);
    }
}
