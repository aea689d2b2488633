package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.SharedParts;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.ExchangeTimers;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** What filters of one filter chain need to be made and to run where nothing is served: no client, no backend, no cluster. */
final class TrialRoom implements AutoCloseable {
    private final HttpConfig http;
    private final ErrorFormat errorFormat;
    private final GatewayConfig.Node node;
    private final ConnectionInfo connection;
    private final EventLoopGroup loops = Transport.group(1, "trial");
    private final EventLoop loop = loops.next();
    private final Stats stats = new Stats();
    private final FileWatch files = new FileWatch(Duration.ofHours(1));
    private final ClusterManager clusters = new ClusterManager(loops, stats, files);

    /** @param peer where the calls come from */
    TrialRoom(
            ListenerConfig listener,
            HttpConfig http,
            ErrorFormat errorFormat,
            GatewayConfig.Node node,
            InetSocketAddress peer) {
        this.http = http;
        this.errorFormat = errorFormat;
        this.node = node;
        InetAddress own =
                NetUtil.createInetAddressFromIpAddressString(listener.address().host());
        InetSocketAddress local = new InetSocketAddress(
                own == null ? InetAddress.getLoopbackAddress() : own,
                Math.max(0, listener.address().port()));
        this.connection = new ConnectionInfo(1, listener.name(), local, peer, null, null);
    }

    FilterContext context() {
        return new FilterContext(
                http,
                stats,
                new Substitutions(),
                new Telemetry(false, stats, null),
                clusters,
                node,
                () -> false,
                System::nanoTime,
                new SharedParts());
    }

    Exchange exchange(Http2Headers head) {
        StreamInfo info = new StreamInfo(connection, System.nanoTime());
        info.protocol = Protocol.HTTP_2;
        info.requestHeaders = head;
        info.originalPath = String.valueOf(head.path());
        return new Exchange(
                info,
                http,
                errorFormat,
                new ExchangeTimers(loop),
                UnpooledByteBufAllocator.DEFAULT,
                ExchangeObserver.NONE);
    }

    /** Runs something on the event loop and waits for it. */
    <T> T run(Callable<T> task) {
        return loop.submit(task).syncUninterruptibly().getNow();
    }

    @Override
    public void close() {
        clusters.close();
        files.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
