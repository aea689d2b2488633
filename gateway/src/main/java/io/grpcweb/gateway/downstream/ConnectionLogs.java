package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The access logs of a listener: a line for each of its connections when that is closed (Envoy's
 * {@code Listener.access_log}).
 */
final class ConnectionLogs {
    private final ExchangeObserver observer;

    /** The listener itself, and its connections. */
    private final AtomicInteger users = new AtomicInteger(1);

    /** @param observer told of connections as of exchanges without a request, at their ends */
    ConnectionLogs(ExchangeObserver observer) {
        this.observer = observer;
    }

    /** A connection has been accepted. */
    void accepted(Channel channel) {
        if (observer != ExchangeObserver.NONE) {
            users.incrementAndGet();
            channel.pipeline().addLast(new Line());
        }
    }

    /** A filter chain serves the connection. */
    static void took(Channel channel, String chain) {
        Line line = channel.pipeline().get(Line.class);
        if (line != null) {
            line.chain = chain;
        }
    }

    /** No filter chain is for the connection. */
    static void refused(Channel channel) {
        Line line = channel.pipeline().get(Line.class);
        if (line != null) {
            line.refused = true;
        }
    }

    /** Other logs are in force for new connections; the files are closed behind the last connection of these. */
    void retire() {
        leave();
    }

    private void leave() {
        if (users.decrementAndGet() == 0) {
            observer.release();
        }
    }

    /** What is written of one connection; the bytes are those on the wire. */
    private final class Line extends ChannelDuplexHandler {
        private final long startMillis = System.currentTimeMillis();
        private final long startNanos = System.nanoTime();
        private long received;
        private long sent;
        private String chain;
        private boolean refused;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().closeFuture().addListener(closed -> write(ctx.channel()));
        }

        private void write(Channel channel) {
            StreamInfo info = new StreamInfo(ConnectionFacts.of(channel), startMillis, startNanos);
            info.filterChain = chain == null || chain.isEmpty() ? null : chain;
            info.bytesReceived = received;
            info.bytesSent = sent;
            info.endNanos = System.nanoTime();
            if (refused) {
                info.flag(ResponseFlag.NO_ROUTE);
                info.details = Details.NO_FILTER_CHAIN;
            }
            observer.ended(info);
            leave();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                received += bytes.readableBytes();
            }
            ctx.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof ByteBuf bytes) {
                sent += bytes.readableBytes();
            }
            ctx.write(message, promise);
        }
    }
}
