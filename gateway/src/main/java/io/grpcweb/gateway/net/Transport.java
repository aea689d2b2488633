package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.ClusterConfig.TcpKeepalive;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.OptionalInt;
import jdk.net.ExtendedSocketOptions;

/** Native epoll where its library loads, else NIO. */
public final class Transport {
    private Transport() {}

    /** Event loops of the kind that the channels here need. */
    public static EventLoopGroup group(int threads, String name) {
        IoHandlerFactory factory = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
    }

    /** Reads grow to 256 KiB, so that a large message takes few of them. */
    public static RecvByteBufAllocator receiveBuffers() {
        return new AdaptiveRecvByteBufAllocator(1024, 8 * 1024, 256 * 1024);
    }

    /** The same for connections of clients, which take turns. */
    public static RecvByteBufAllocator clientReceiveBuffers() {
        return new DoublingReceiveBuffers();
    }

    /** The class of channels that connect to a backend. */
    public static Class<? extends Channel> clientChannel(boolean pipe) {
        if (Epoll.isAvailable()) {
            return pipe ? EpollDomainSocketChannel.class : EpollSocketChannel.class;
        }
        return pipe ? NioDomainSocketChannel.class : NioSocketChannel.class;
    }

    /** Turns TCP keep-alive on; what is not given stays the system's. */
    public static void keepalive(Bootstrap bootstrap, TcpKeepalive keepalive) {
        bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
        boolean epoll = Epoll.isAvailable();
        set(
                bootstrap,
                epoll ? EpollChannelOption.TCP_KEEPCNT : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT),
                keepalive.probes());
        set(
                bootstrap,
                epoll ? EpollChannelOption.TCP_KEEPIDLE : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                keepalive.timeSeconds());
        set(
                bootstrap,
                epoll ? EpollChannelOption.TCP_KEEPINTVL : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                keepalive.intervalSeconds());
    }

    private static void set(Bootstrap bootstrap, ChannelOption<Integer> option, OptionalInt value) {
        value.ifPresent(number -> bootstrap.option(option, number));
    }

    /** The class of listening channels. */
    public static Class<? extends ServerChannel> serverChannel(boolean pipe) {
        if (Epoll.isAvailable()) {
            return pipe ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
        }
        return pipe ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
    }
}
