package io.grpcweb.gateway.process;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits at a Unix domain socket for the process that takes over. That process is given the listening sockets themselves, and both
 * accept from them until the new one is ready. So there is no moment without somebody who listens, and no queue of connections
 * that is closed: with {@code SO_REUSEPORT} each process has a queue of its own, and what the kernel has put into the old one
 * when it closes is lost.
 */
public final class HandOver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

    /** A process that takes over must be ready within this time. */
    private static final int LIMIT_SECONDS = 600;

    private static final int LINE = 64;

    private final String name;
    private final Giver giver;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("hand-over", true), EpollIoHandler.newFactory());
    private Channel channel;

    private HandOver(String name, Giver giver) {
        this.name = name;
        this.giver = giver;
    }

    /**
     * Opens the socket.
     *
     * @param name a path, or {@code @} and a name in the abstract namespace
     * @throws IOException where another process has it, or it cannot be opened
     */
    public static HandOver open(String name, Giver giver) throws IOException {
        requireEpoll();
        HandOver opened = new HandOver(name, giver);
        try {
            removeOld(name);
            opened.bind();
            return opened;
        } catch (IOException e) {
            opened.close();
            throw new IOException("cannot open the socket " + name + " for the next process: " + e.getMessage(), e);
        }
    }

    static void requireEpoll() throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("a process takes over from another with epoll only: "
                    + Epoll.unavailabilityCause().getMessage());
        }
    }

    /** A socket that nobody answers at: the process that had it was killed. */
    private static void removeOld(String name) throws IOException {
        Path file = Path.of(SocketName.isAbstract(name) ? "" : name);
        if (!SocketName.isAbstract(name)
                && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()
                && !Predecessor.answers(name)) {
            Files.delete(file);
        }
    }

    private void bind() throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel peer) throws IOException {
                        SocketName.requireSameUser(peer.peerCredentials());
                        peer.pipeline()
                                .addLast(
                                        new ReadTimeoutHandler(LIMIT_SECONDS),
                                        new LineBasedFrameDecoder(LINE),
                                        new StringDecoder(),
                                        new StringEncoder(),
                                        new HandOverSession(giver, taken, HandOver.this::closeSocket));
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        LOG.warn("nobody takes over: {}", cause.getMessage());
                        ctx.close();
                    }
                })
                .bind(SocketName.address(name))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        channel = bound.channel();
    }

    /** The next process opens it now. */
    private ChannelFuture closeSocket() {
        return channel.close();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
