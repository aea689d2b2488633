package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.net.AcceptFailures;
import io.grpcweb.gateway.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** One port (or socket file) that is listened on. */
public final class Listener {
    private final Endpoint address;
    private final EventLoopGroup acceptor;
    private final ListenerPipeline pipeline;
    private final ServerBootstrap bootstrap;
    private volatile Channel channel;
    private volatile boolean left;

    /**
     * Prepares a listener; nothing is bound yet.
     *
     * @param acceptor the event loop that accepts
     * @param workers the event loops that connections live on
     */
    public Listener(ListenerConfig config, EventLoopGroup acceptor, EventLoopGroup workers, ListenerPipeline pipeline) {
        this.address = config.address();
        this.acceptor = acceptor;
        this.pipeline = pipeline;
        this.bootstrap = new ServerBootstrap()
                .group(acceptor, workers)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel listening) {
                        listening.pipeline().addLast(pipeline.pace(), new AcceptFailures(config.name(), null));
                    }
                })
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, Transport.clientReceiveBuffers())
                .childHandler(pipeline);
        if (!config.address().isPipe()) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
        }
    }

    /** The settings in force. */
    public ListenerConfig config() {
        return pipeline.config();
    }

    /** What its connections pass; replaceable. */
    public ListenerPipeline pipeline() {
        return pipeline;
    }

    /** The end of its connections. */
    public DrainState drain() {
        return pipeline.drain();
    }

    /** Binds; throws with the address where that fails. */
    public void bind() throws IOException, InterruptedException {
        bind(OptionalInt.empty());
    }

    /**
     * The same.
     *
     * @param passed the descriptor of a socket that is bound already, if there is one
     */
    public void bind(OptionalInt passed) throws IOException, InterruptedException {
        SocketAddress local = address.isPipe()
                ? new DomainSocketAddress(address.host())
                : new InetSocketAddress(address.host(), address.port());
        ChannelFuture bound = passed.isPresent()
                ? bootstrap
                        .channelFactory(Transport.serverChannel(passed.getAsInt(), address.isPipe()))
                        .register()
                        .await()
                : bootstrap
                        .channel(Transport.serverChannel(acceptor, address.isPipe()))
                        .bind(local)
                        .await();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        channel = bound.channel();
    }

    public boolean isBound() {
        return channel != null;
    }

    /** Runs when it takes no more connections; to be asked for once it is bound. */
    public void whenClosed(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    /** Whether it takes connections. */
    public boolean isOpen() {
        return channel != null && !left && channel.isOpen();
    }

    /** Where it listens, with the port that the system chose for port 0. */
    public SocketAddress localAddress() {
        // Netty does not ask for the path of a socket that was passed.
        return channel.localAddress() == null ? new DomainSocketAddress(address.host()) : channel.localAddress();
    }

    /** Its socket, for another process; empty where Java keeps the descriptor to itself. */
    public Optional<FileDescriptor> descriptor() {
        return isOpen() && channel instanceof UnixChannel unix ? Optional.of(unix.fd()) : Optional.empty();
    }

    /** How many connections were accepted that are not yet among those of {@link #drain}. */
    public int arriving() {
        return pipeline.pace().waiting();
    }

    /** Leaves connections in the system's queue, or takes them again. */
    public void accept(boolean accepts) {
        if (isOpen() && config().admission().shedsLoad()) {
            pipeline.pace().stop(channel, !accepts);
        }
    }

    /** The same, where another process goes on with the socket. */
    public void leave() {
        if (address.isPipe() && isOpen()) {
            // Closing would take the file away, which clients of the other process connect to.
            channel.deregister().awaitUninterruptibly();
            left = true;
        } else {
            close();
        }
    }

    /** Takes no more connections; those that are open go on. */
    public void close() {
        if (isOpen()) {
            channel.close().awaitUninterruptibly();
        }
    }
}
