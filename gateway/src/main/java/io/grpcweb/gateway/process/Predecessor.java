package io.grpcweb.gateway.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The process that this one takes over from, at the other end of a {@link HandOver}. For one thread, which it may hold up. */
public final class Predecessor implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;
    private static final int LINE = 64;

    /** Put behind the last message when the connection has ended. */
    private static final Object END = new Object();

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("take-over", true), EpollIoHandler.newFactory());
    private final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();
    private EpollDomainSocketChannel channel;
    private PassedSockets sockets;

    private Predecessor() {}

    /**
     * Finds the process that waits at a socket and asks it for its listening sockets. From then on both accept.
     *
     * @return empty where nobody waits there
     * @throws IOException where somebody does, and does not hand over
     */
    public static Optional<Predecessor> find(String name) throws IOException {
        HandOver.requireEpoll();
        Predecessor found = new Predecessor();
        try {
            if (found.connect(name)) {
                found.take();
                return Optional.of(found);
            }
        } catch (IOException e) {
            found.close();
            throw new IOException("cannot take over from the process at " + name + ": " + e.getMessage(), e);
        }
        found.close();
        return Optional.empty();
    }

    /** Whether somebody waits at a socket. */
    public static boolean answers(String name) throws IOException {
        HandOver.requireEpoll();
        try (Predecessor asked = new Predecessor()) {
            return asked.connect(name);
        }
    }

    private boolean connect(String name) throws IOException {
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(EpollDomainSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel peer) {
                        peer.pipeline()
                                .addLast(
                                        new LineBasedFrameDecoder(LINE),
                                        new StringDecoder(),
                                        new StringEncoder(),
                                        new Receiver(messages));
                    }
                })
                .connect(SocketName.address(name))
                .awaitUninterruptibly();
        if (connected.isSuccess()) {
            channel = (EpollDomainSocketChannel) connected.channel();
            SocketName.requireSameUser(channel.peerCredentials());
            return true;
        }
        if (connected.cause() instanceof ConnectException || connected.cause() instanceof FileNotFoundException) {
            return false;
        }
        throw new IOException(connected.cause().getMessage(), connected.cause());
    }

    private void take() throws IOException {
        String answer = ask("take\n");
        if (!answer.startsWith("sockets ")) {
            throw new IOException(
                    answer.equals("busy") ? "another process takes over already" : "it says '" + answer + "'");
        }
        int count = Integer.parseInt(answer.substring("sockets ".length()));
        channel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
        channel.writeAndFlush("send\n");
        List<PassedSocket> passed = new ArrayList<>();
        while (passed.size() < count) {
            if (!(next() instanceof FileDescriptor descriptor)) {
                throw new IOException("it sends no descriptor");
            }
            passed.add(PassedSocket.of(descriptor.intValue()));
        }
        channel.config().setReadMode(DomainSocketReadMode.BYTES);
        sockets = PassedSockets.of(passed);
    }

    /** Its listening sockets. */
    public PassedSockets sockets() {
        return sockets;
    }

    /**
     * Tells it that this process is ready, and returns when it accepts no more.
     *
     * @param limit how long its connections may stay open
     * @throws IOException where it has ended meanwhile, or does not answer
     */
    public void end(Duration limit) throws IOException {
        String answer = ask("ready " + limit.toSeconds() + "\n");
        if (!answer.equals("draining")) {
            throw new IOException("it says '" + answer + "'");
        }
    }

    private String ask(String line) throws IOException {
        channel.writeAndFlush(line);
        if (next() instanceof String answer) {
            return answer;
        }
        throw new IOException("it has ended, or it is no gateway");
    }

    private Object next() throws IOException {
        try {
            Object message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException("it does not answer within " + PATIENCE_SECONDS + " s");
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Gives what comes to the thread that waits. */
    private static final class Receiver extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Object> messages;

        Receiver(BlockingQueue<Object> messages) {
            this.messages = messages;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            messages.add(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            messages.add(END);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
