package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.net.AcceptFailures;
import io.grpcweb.gateway.net.RequestLines;
import io.grpcweb.gateway.net.SpareDescriptors;
import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.ResponseClasses;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.MetricsFormat;
import io.grpcweb.gateway.telemetry.RecentEvents;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin listener: HTTP/1.1 on a thread of its own, so that neither side can hold up the other. */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private static final int MAX_CONNECTIONS = 32;

    /** So many connections are accepted where the browsers' have taken all other descriptors. */
    private static final int SPARES = 4;

    private static final int MAX_BODY = 64 * 1024;
    private static final long INTERVAL_SECONDS = 5;
    private static final long QUIET_MILLIS = 20;

    /** A process that ends has given its addresses back by then. */
    private static final int RESUME_TRIES = 50;

    private static final long RESUME_MILLIS = 100;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
    /** Where pages are made. */
    private final DefaultEventExecutor pageThread =
            new DefaultEventExecutor(new DefaultThreadFactory("admin-pages", true));

    private final ExchangeObserver log;
    private final AdminTimeouts timeouts;
    private final ConsoleDoor door;
    private final PageTable pages;
    private final HttpStats http;
    private final ListenerStats listener;
    private final ResponseClasses listenerHttp;
    private final AdminConnections connections;
    private final HistogramIntervals intervals;
    private final SpareDescriptors spares = new SpareDescriptors(SPARES);
    private GatewayConfig.AdminConfig config;
    private volatile Channel channel;
    private SocketFile file;

    /**
     * Prepares the pages; nothing listens yet.
     *
     * @param metrics writes the page {@code /metrics}
     * @param recent the refusals and errors of late
     * @param log is told of each request
     */
    public AdminServer(
            Stats stats,
            Controls controls,
            Snapshots snapshots,
            ServerInfo info,
            Function<MetricsFormat, String> metrics,
            RecentEvents recent,
            ExchangeObserver log) {
        this(stats, controls, snapshots, info, metrics, recent, log, MAX_CONNECTIONS, AdminTimeouts.DEFAULT);
    }

    AdminServer(
            Stats stats,
            Controls controls,
            Snapshots snapshots,
            ServerInfo info,
            Function<MetricsFormat, String> metrics,
            RecentEvents recent,
            ExchangeObserver log,
            int maxConnections,
            AdminTimeouts timeouts) {
        this.log = log;
        this.timeouts = timeouts;
        this.intervals = new HistogramIntervals(stats);
        this.door = new ConsoleDoor(snapshots::backends, pageThread);
        this.pages = Pages.of(stats, intervals, controls, snapshots, info, metrics, recent, door);
        this.http = stats.http("admin");
        this.listener = stats.adminListener();
        this.listenerHttp = listener.http("admin");
        this.connections = new AdminConnections(maxConnections, listener, http);
        ServerGauges.bind(stats.server(), info, controls, snapshots);
    }

    /** Listens; returns the address, with the port that was given where the configuration says 0, and null for a socket file. */
    public InetSocketAddress start(GatewayConfig.AdminConfig given) throws IOException {
        config = given;
        listen();
        pageThread.scheduleAtFixedRate(intervals::tick, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        return file == null ? (InetSocketAddress) channel.localAddress() : null;
    }

    /** Leaves the address to another process; open connections go on. */
    public void suspend() {
        channel.close().awaitUninterruptibly();
        if (file != null) {
            file.remove();
        }
    }

    /** Listens again, as soon as the other process has left the address. */
    public void resume() {
        resume(RESUME_TRIES);
    }

    private void resume(int tries) {
        try {
            listen();
        } catch (IOException e) {
            if (tries == 0 || pageThread.isShuttingDown()) {
                LOG.warn("the admin listener stays closed: {}", e.getMessage());
            } else {
                pageThread.schedule(() -> resume(tries - 1), RESUME_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void listen() throws IOException {
        Endpoint address = config.address();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(address.isPipe() ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class)
                .handler(new AcceptFailures("admin", spares))
                .option(ChannelOption.SO_BACKLOG, 128)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accept(accepted);
                    }
                });
        if (address.isPipe()) {
            file = SocketFile.at(address.host());
        } else {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
        }
        try {
            channel = bootstrap
                    .bind(file == null ? new InetSocketAddress(config.host(), config.port()) : file.address())
                    .syncUninterruptibly()
                    .channel();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Netty throws what the system said without declaring it.
            throw new IOException("cannot bind '" + address + "': " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        return e instanceof java.net.BindException ? "Address already in use" : e.getMessage();
    }

    private void accept(Channel accepted) {
        connections.opened(accepted);
        accepted.closeFuture().addListener(closed -> spares.refill());
        accepted.pipeline()
                .addLast(new RequestLines(new HttpDecoderConfig()))
                .addLast(new HttpResponseEncoder())
                .addLast(new HttpObjectAggregator(MAX_BODY))
                .addLast(new AdminConnection(pages, connections, timeouts, http, listenerHttp, log, pageThread, door));
    }

    /** Ends at once, with the connections. */
    @Override
    public void close() {
        if (file != null) {
            file.remove();
        }
        group.next().execute(connections::closeAll);
        group.next().execute(spares::close);
        // The quiet time lets the handlers of connections that end now give back what they hold.
        pageThread.shutdownGracefully(QUIET_MILLIS, 1000, TimeUnit.MILLISECONDS);
        group.shutdownGracefully(QUIET_MILLIS, 1000, TimeUnit.MILLISECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
