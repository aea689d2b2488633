package io.grpcweb.gateway.testing;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.downstream.DateClock;
import io.grpcweb.gateway.downstream.DrainState;
import io.grpcweb.gateway.downstream.HttpService;
import io.grpcweb.gateway.downstream.HttpServices;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.downstream.ListenerPipeline;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.grpcweb.GrpcWebConfig;
import io.grpcweb.gateway.filter.grpcweb.GrpcWebKind;
import io.grpcweb.gateway.filter.router.RouterConfig;
import io.grpcweb.gateway.filter.router.RouterKind;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.route.RequestHandler;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.pool.ClusterCalls;
import io.grpcweb.gateway.upstream.pool.ClusterChange;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A gateway on a socket with a filter of a test between gRPC-Web and the router. */
public final class FilteredGateway implements HttpServices, AutoCloseable {
    /** Where the filter of the test stands, for want of a place in the configuration. */
    private static final String PLACE = "grpc-stats";

    private final EventLoopGroup loops = Transport.group(1, "filtered");
    private final FileWatch files = new FileWatch(Duration.ofHours(1));
    private final Stats stats = new Stats();
    private final ClusterManager clusters = new ClusterManager(loops, stats, files);
    private final ExchangeObserver observer;
    private final HttpFilterFactory made;
    private final GatewayConfig config;
    private final Listener listener;

    /**
     * Starts it.
     *
     * @param routes of the one listener, in the gateway's own format
     * @param backends the clusters: the rest of the configuration
     * @param filter makes the filter of the test
     */
    public FilteredGateway(
            String routes, String backends, ExchangeObserver observer, Function<SideCalls, HttpFilterFactory> filter) {
        config = Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = [], filters = [\"grpc-web\", \""
                + PLACE + "\", \"router\"], routes = [" + routes + "] }\n" + backends);
        this.observer = observer;
        made = filter.apply(new ClusterCalls(clusters));
        ListenerConfig settings = config.listeners().get(0);
        try {
            ClusterChange change = clusters.prepare(config.clusters());
            CountDownLatch ready = new CountDownLatch(1);
            change.warm(ready::countDown);
            ready.await();
            change.commit(Duration.ofSeconds(5));
            ListenerPipeline pipeline = new ListenerPipeline(loops, new AtomicLong(), files, new Load());
            pipeline.prepare(settings, stats.listener("main"), this, false).commit();
            listener = new Listener(settings, loops, loops, pipeline);
            listener.bind();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public HttpService service(
            ListenerConfig.FilterChain chain,
            ListenerStats counted,
            DrainState drain,
            Load load,
            ExchangeHandler handler) {
        return new HttpService(
                "",
                chain.http(),
                config.errorFormat(),
                handler,
                LocalReplies.NONE,
                observer,
                stats.http("main"),
                stats.http2(),
                new DateClock(),
                drain,
                load);
    }

    @Override
    public ExchangeHandler handler(ListenerConfig.FilterChain chain, ExchangeHandler before) {
        return new RequestHandler(
                chain.http(),
                filter -> room(filter, chain.http()),
                LocalReplies.NONE,
                new Substitutions(),
                KnownServices.NONE,
                null);
    }

    @Override
    public void release(HttpService service) {}

    private HttpFilterFactory room(FilterConfig filter, HttpConfig http) {
        if (filter.name().equals(PLACE)) {
            return made;
        }
        FilterContext context = new FilterContext(
                http, stats, new Substitutions(), null, clusters, null, () -> false, System::nanoTime, null);
        return filter instanceof RouterConfig router
                ? new RouterKind().make(router, context)
                : new GrpcWebKind().make((GrpcWebConfig) filter, context);
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** How often a client was told to send no more. */
    public long timesHeldBack() {
        return stats.http("main").downstreamFlowControlPausedReadingTotal.sum();
    }

    @Override
    public void close() {
        listener.close();
        files.close();
        clusters.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
