package io.grpcweb.gateway.upstream.health;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.List;
import java.util.function.Consumer;

/**
 * TCP health check: it is enough to get a connection, or, where bytes are to be sent and received, the expected pieces
 * must turn up in their order somewhere in what the endpoint sends.
 */
final class TcpProbe implements HealthProbe {
    private static final int MAX_RECEIVED = 64 * 1024;

    private final ClusterConfig.HealthCheck config;
    private final ProbeConnection connection;

    TcpProbe(ClusterConfig.HealthCheck config, EventLoop loop, Host host, UpstreamTls tls) {
        this.config = config;
        this.connection = new ProbeConnection(
                loop, host, tls, config.reuseConnection(), () -> new ChannelHandler[] {new Expecting()});
    }

    @Override
    public void ask(Consumer<HealthState.Result> done) {
        connection.begin(done, this::send);
    }

    private void send(Channel channel) {
        if (!config.send().isEmpty()) {
            channel.writeAndFlush(
                    Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(config.send())), channel.voidPromise());
        }
        if (config.receive().isEmpty()) {
            connection.answered(channel, HealthState.Result.GOOD, false);
        }
    }

    @Override
    public void abandon() {
        connection.abandon();
    }

    @Override
    public void close() {
        connection.abandon();
    }

    private final class Expecting extends SimpleChannelInboundHandler<ByteBuf> {
        private final List<ByteBuf> expected = config.receive().stream()
                .map(hex -> Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)))
                .toList();
        private final ByteBuf received = Unpooled.buffer();
        private int found;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            if (expected.isEmpty()) {
                return;
            }
            received.writeBytes(bytes);
            while (found < expected.size()) {
                int at = ByteBufUtil.indexOf(expected.get(found), received.slice());
                if (at < 0) {
                    break;
                }
                received.skipBytes(at + expected.get(found).readableBytes());
                found++;
            }
            if (found == expected.size()) {
                found = 0;
                received.clear();
                connection.answered(ctx.channel(), HealthState.Result.GOOD, true);
            } else if (received.readableBytes() > MAX_RECEIVED) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
