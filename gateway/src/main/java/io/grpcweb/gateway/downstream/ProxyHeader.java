package io.grpcweb.gateway.downstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Notes the addresses in a PROXY protocol header as those of the connection, has it go on, and leaves. */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final OpeningClock clock = new OpeningClock();
    private final Consumer<ChannelPipeline> next;

    /** @param next adds what goes on behind the header */
    ProxyHeader(Consumer<ChannelPipeline> next) {
        this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        clock.start(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        clock.stop();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage message) {
        InetAddress source = message.sourceAddress() == null
                ? null
                : NetUtil.createInetAddressFromIpAddressString(message.sourceAddress());
        if (message.command() == HAProxyCommand.PROXY && source != null) {
            ConnectionFacts.Accepted accepted =
                    ctx.channel().attr(ConnectionFacts.ACCEPTED).get();
            ctx.channel()
                    .attr(ConnectionFacts.ACCEPTED)
                    .set(accepted.from(
                            new InetSocketAddress(source, message.sourcePort()),
                            address(message.destinationAddress(), message.destinationPort())));
        }
        next.accept(ctx.pipeline());
        ctx.pipeline().remove(this);
    }

    private static InetSocketAddress address(String digits, int port) {
        InetAddress ip = digits == null ? null : NetUtil.createInetAddressFromIpAddressString(digits);
        return ip == null ? null : new InetSocketAddress(ip, port);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
