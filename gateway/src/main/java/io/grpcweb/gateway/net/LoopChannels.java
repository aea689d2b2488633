package io.grpcweb.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Chooses the classes of channels that an event loop can drive: epoll or NIO. */
public record LoopChannels(EventLoop loop) {

    private boolean epoll() {
        return loop instanceof IoEventLoopGroup group && group.isCompatible(EpollIoHandle.class);
    }

    public Class<? extends DatagramChannel> datagram() {
        return epoll() ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    public Class<? extends SocketChannel> stream() {
        return epoll() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** For connections to that address: over TCP, over a socket file, or to a server in this process. */
    public Class<? extends Channel> to(SocketAddress address) {
        if (address instanceof InetSocketAddress) {
            return stream();
        }
        if (address instanceof LocalAddress) {
            return InProcessChannel.class;
        }
        return epoll() ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }
}
