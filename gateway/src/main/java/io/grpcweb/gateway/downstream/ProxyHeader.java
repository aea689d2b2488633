package io.grpcweb.gateway.downstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Notes the address in a PROXY protocol header as that of the peer, and leaves. */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final OpeningClock clock;

    /** @param patience how long it waits; zero: for ever */
    ProxyHeader(Duration patience) {
        this.clock = new OpeningClock(patience);
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
                    .set(accepted.from(new InetSocketAddress(source, message.sourcePort())));
        }
        ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
