package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.ClusterConfig.TcpKeepalive;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.OptionalInt;
import jdk.net.ExtendedSocketOptions;

/** Native epoll where its library loads, else NIO. */
public final class Transport {
    private Transport() {}

    /** Event loops of the kind that the channels here need. */
    public static EventLoopGroup group(int threads, String name) {
        IoHandlerFactory factory = Epoll.isAvailable() ? SteadyEpoll.factory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
    }

    /** One more event loop of the kind that a group has. */
    public static EventLoopGroup groupLike(EventLoopGroup others, String name) {
        IoHandlerFactory factory = isEpoll(others) ? SteadyEpoll.factory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), factory);
    }

    private static boolean isEpoll(EventLoopGroup loops) {
        return loops instanceof IoEventLoopGroup group && group.isCompatible(EpollIoHandle.class);
    }

    /** Reads grow to 256 KiB, so that a large message takes few of them. */
    public static RecvByteBufAllocator receiveBuffers() {
        return new AdaptiveRecvByteBufAllocator(1024, 8 * 1024, 256 * 1024);
    }

    /** The same for connections of clients, which take turns. */
    public static RecvByteBufAllocator clientReceiveBuffers() {
        return new DoublingReceiveBuffers();
    }

    /** Turns TCP keep-alive on; what is not given stays the system's. */
    public static void keepalive(Bootstrap bootstrap, EventLoopGroup loop, TcpKeepalive keepalive) {
        bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
        boolean epoll = isEpoll(loop);
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

    /** The class of listening channels that the event loops can drive. */
    public static Class<? extends ServerChannel> serverChannel(EventLoopGroup loops, boolean pipe) {
        if (isEpoll(loops)) {
            return pipe ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
        }
        return pipe ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
    }

    /** A listening channel from the descriptor of a socket that listens already; epoll alone can do that. */
    public static ChannelFactory<ServerChannel> serverChannel(int descriptor, boolean pipe) {
        // Netty finds out for TCP alone that the socket listens.
        return () ->
                pipe ? new EpollServerDomainSocketChannel(descriptor, true) : new EpollServerSocketChannel(descriptor);
    }
}
