package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig.TcpKeepalive;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class TransportTest {

    private static ChannelOption<Integer> option(ChannelOption<Integer> epoll, ChannelOption<Integer> nio) {
        return Epoll.isAvailable() ? epoll : nio;
    }

    @Test
    void theSystemIsToldTheNumbersOfKeepAlive() throws Exception {
        EventLoopGroup loops = Transport.group(1, "transport-test");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loops)
                    .channel(new LoopChannels(loops.next()).stream())
                    .handler(new ChannelHandlerAdapter() {});
            Transport.keepalive(
                    bootstrap, loops, new TcpKeepalive(OptionalInt.of(4), OptionalInt.of(77), OptionalInt.of(11)));
            Channel channel =
                    bootstrap.connect(server.getLocalSocketAddress()).sync().channel();
            assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            assertThat(channel.config()
                            .getOption(option(
                                    EpollChannelOption.TCP_KEEPCNT,
                                    NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT))))
                    .isEqualTo(4);
            assertThat(channel.config()
                            .getOption(option(
                                    EpollChannelOption.TCP_KEEPIDLE,
                                    NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE))))
                    .isEqualTo(77);
            assertThat(channel.config()
                            .getOption(option(
                                    EpollChannelOption.TCP_KEEPINTVL,
                                    NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL))))
                    .isEqualTo(11);
            channel.close().sync();
        } finally {
            loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS)
                    .sync();
        }
    }
}
