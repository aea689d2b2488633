package io.grpcweb.gateway.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * systemd, which is told how the process is: {@code sd_notify(3)}, datagrams of lines to the Unix domain socket that
 * {@code NOTIFY_SOCKET} names. What cannot be sent is said in the log and changes nothing.
 */
public final class ServiceManager implements Milestones, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("notify", true), EpollIoHandler.newFactory());
    private final OptionalLong watchdogMicros;
    private final long pid;
    private Channel channel;

    private ServiceManager(OptionalLong watchdogMicros, long pid) {
        this.watchdogMicros = watchdogMicros;
        this.pid = pid;
    }

    /**
     * The service manager that started the process; empty where none did.
     *
     * @throws IOException where its socket cannot be used
     */
    public static Optional<ServiceManager> of(Map<String, String> environment, long pid) throws IOException {
        String socket = environment.get("NOTIFY_SOCKET");
        if (socket == null || socket.isEmpty()) {
            return Optional.empty();
        }
        HandOver.requireEpoll();
        ServiceManager manager = new ServiceManager(watchdog(environment, pid), pid);
        try {
            manager.connect(socket);
        } catch (IOException e) {
            manager.close();
            throw e;
        }
        return Optional.of(manager);
    }

    /** {@code sd_watchdog_enabled(3)}: in microseconds, and only where it is meant for this process. */
    private static OptionalLong watchdog(Map<String, String> environment, long pid) throws IOException {
        String micros = environment.get("WATCHDOG_USEC");
        String wanted = environment.get("WATCHDOG_PID");
        if (micros == null || (wanted != null && !wanted.equals(Long.toString(pid)))) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(micros);
            if (number > 0) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IOException("WATCHDOG_USEC: '" + micros + "' is not a number of microseconds");
    }

    private void connect(String socket) throws IOException {
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new Nothing())
                .connect(SocketName.address(socket))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            throw new IOException(
                    "NOTIFY_SOCKET " + socket + ": " + connected.cause().getMessage(), connected.cause());
        }
        channel = connected.channel();
    }

    /** Within which time it wants to hear of the process again and again; empty where it does not. */
    public OptionalLong watchdogMicros() {
        return watchdogMicros;
    }

    @Override
    public void live() {
        send("READY=1", "STATUS=Serving", "MAINPID=" + pid);
    }

    @Override
    public void reloading() {
        // What System.nanoTime reads is CLOCK_MONOTONIC on Linux.
        send("RELOADING=1", "MONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()), "STATUS=Reloading");
    }

    @Override
    public void reloaded(String problem) {
        String line = problem.lines().findFirst().orElse("");
        send("READY=1", line.isEmpty() ? "STATUS=Serving" : "STATUS=Serving; the last reload failed: " + line);
    }

    @Override
    public void stopping() {
        send("STOPPING=1", "STATUS=Draining");
    }

    /** The process is well. */
    public void alive() {
        send("WATCHDOG=1");
    }

    private void send(String... lines) {
        String text = String.join("\n", lines);
        channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8))
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        LOG.warn(
                                "the service manager was not told {}: {}",
                                lines[0],
                                sent.cause().toString());
                    }
                });
    }

    /** After what was sent before. */
    @Override
    public void close() {
        if (channel != null) {
            channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Nothing is received. */
    private static final class Nothing extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("the socket of the service manager: {}", cause.toString());
        }
    }
}
