package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.admin.AdminServer;
import io.grpcweb.gateway.admin.Controls;
import io.grpcweb.gateway.admin.ServerInfo;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.downstream.DateClock;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.downstream.ListenerPipeline;
import io.grpcweb.gateway.logging.LogLayout;
import io.grpcweb.gateway.logging.Logs;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.upstream.pool.Upstreams;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: event loops, backends, listeners and the admin pages, put together and taken down. */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** How often files of certificates are looked at. */
    private static final Duration FILES_PERIOD = Duration.ofSeconds(1);

    private final long beganNanos = System.nanoTime();
    private final GatewayConfig config;
    private final FilterKinds kinds;
    private final EventLoopGroup acceptor = Transport.group(1, "accept");
    private final EventLoopGroup workers;
    private final Upstreams upstreams;
    private final Stats stats = new Stats();
    private final Telemetry telemetry;
    private final FileWatch files = new FileWatch(FILES_PERIOD);
    private final List<Listener> listeners = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Shutdown shutdown;
    private AdminServer admin;
    private InetSocketAddress adminAddress;

    private Gateway(GatewayConfig config, FilterKinds kinds, int concurrency) throws IOException {
        this.kinds = kinds;
        this.config = config;
        this.workers = Transport.group(concurrency, "worker");
        this.telemetry = new Telemetry(config, stats);
        this.upstreams = new Upstreams(config.clusters(), workers, stats, files);
        telemetry.tlsReloads(files::reloads, files::failures);
        telemetry.ownLog(Logs::dropped);
        this.shutdown = new Shutdown(config.drain(), listeners, ended::countDown);
    }

    /**
     * Starts all parts; listeners open when every cluster is ready.
     *
     * @param concurrency how many event loops serve
     * @throws IOException names what cannot be read or bound, all of it at once
     */
    public static Gateway start(GatewayConfig config, int concurrency) throws IOException, InterruptedException {
        return start(config, concurrency, FilterKinds.ALL);
    }

    /**
     * The same, with filters that are not the gateway's own.
     *
     * @param kinds those with which the configuration was read
     */
    public static Gateway start(GatewayConfig config, int concurrency, FilterKinds kinds)
            throws IOException, InterruptedException {
        GatewayConfig.Node node = config.node();
        return start(
                config,
                new ServerInfo(
                        Version::text,
                        Instant.now(),
                        concurrency,
                        "",
                        "",
                        "info",
                        "",
                        "",
                        LogLayout.DEFAULT,
                        node.cluster(),
                        node.id()),
                kinds);
    }

    /** The same, with what the admin pages say of how it was started. */
    public static Gateway start(GatewayConfig config, ServerInfo info) throws IOException, InterruptedException {
        return start(config, info, FilterKinds.ALL);
    }

    private static Gateway start(GatewayConfig config, ServerInfo info, FilterKinds kinds)
            throws IOException, InterruptedException {
        Gateway gateway = new Gateway(config, kinds, info.concurrency());
        try {
            gateway.open(info);
        } catch (IOException e) {
            gateway.stop();
            throw e;
        }
        return gateway;
    }

    private void open(ServerInfo info) throws IOException, InterruptedException {
        prepareListeners();
        countParts();
        if (config.admin().isPresent()) {
            CertificateInventory certificates = new CertificateInventory(config);
            files.onReload(certificates::readAgain);
            admin = new AdminServer(
                    stats,
                    new AdminControls(shutdown, telemetry::reopenLogs),
                    new AdminSnapshots(config, upstreams.clusters(), listeners, certificates),
                    info,
                    telemetry::scrape,
                    telemetry.recent(),
                    telemetry.adminLog(config.admin().get()));
            adminAddress = admin.start(config.admin().get());
            LOG.info("admin pages on http:/{}", adminAddress);
        }
        CountDownLatch ready = new CountDownLatch(1);
        upstreams.clusters().start(ready::countDown);
        ready.await();
        List<String> problems = new ArrayList<>();
        for (Listener listener : listeners) {
            try {
                listener.bind();
                stats.listenerManager().listenerCreateSuccess.increment();
                listener.whenClosed(stats.listenerManager().listenerStopped::increment);
                LOG.info("listener {} on {}", listener.config().name(), listener.localAddress());
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
        shutdown.live();
        stats.listenerManager().workersStarted.set(1);
        stats.server().initializationTimeMs.recordNanos(System.nanoTime() - beganNanos);
        telemetry.watch(workers);
        releaseHeapAfterBursts();
    }

    private void releaseHeapAfterBursts() {
        List<Gauge> open = new ArrayList<>();
        open.add(stats.server().totalConnections);
        config.clusters().forEach(cluster -> open.add(stats.cluster(cluster.name()).upstreamRqActive));
        Runtime java = Runtime.getRuntime();
        HeapRelease release =
                new HeapRelease(() -> open.stream().mapToLong(Gauge::value).sum(), java::totalMemory, java::gc);
        acceptor.scheduleWithFixedDelay(release, 1, 1, TimeUnit.SECONDS);
    }

    /** Envoy's numbers of listeners, clusters and connections. */
    private void countParts() {
        stats.clusterManager().clusterAdded.add(config.clusters().size());
        stats.clusterManager().activeClusters.set(config.clusters().size());
        stats.listenerManager().listenerAdded.add(listeners.size());
        stats.listenerManager().totalListenersActive.follow(() -> count(Listener::isOpen));
        stats.listenerManager()
                .totalListenersDraining
                .follow(() -> count(listener -> listener.isBound()
                        && !listener.isOpen()
                        && listener.drain().connections() > 0));
        stats.server().totalConnections.follow(() -> listeners.stream()
                .mapToLong(listener -> listener.drain().connections())
                .sum());
    }

    private long count(Predicate<Listener> which) {
        return listeners.stream().filter(which).count();
    }

    private void prepareListeners() throws IOException {
        FilterChains chains = new FilterChains(
                kinds,
                config.errorFormat(),
                upstreams,
                stats,
                telemetry,
                new DateClock(),
                config.node(),
                () -> shutdown.state() == Controls.State.DRAINING);
        AtomicLong connectionIds = new AtomicLong();
        List<String> problems = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            try {
                ListenerStats counted = stats.listener(statName(listener));
                ListenerPipeline pipeline = new ListenerPipeline(
                        listener,
                        workers,
                        connectionIds,
                        counted,
                        files,
                        (chain, drain) -> chains.service(counted, chain, drain));
                CertificateInventory.show(listener, counted);
                files.onReload(() -> CertificateInventory.showAgain(listener, counted));
                listeners.add(new Listener(listener, acceptor, workers, pipeline));
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
    }

    /** Envoy's name of a listener in series. */
    private static String statName(ListenerConfig listener) {
        return listener.statPrefix()
                .orElseGet(() ->
                        listener.address().host() + "_" + listener.address().port());
    }

    /** Where the listeners listen, in the order of the configuration. */
    public List<SocketAddress> addresses() {
        return listeners.stream().map(Listener::localAddress).toList();
    }

    /** Where the admin pages are; null where there are none. */
    public InetSocketAddress adminAddress() {
        return adminAddress;
    }

    Stats stats() {
        return stats;
    }

    /** Begins to end: as SIGTERM. */
    public void shutDown() {
        shutdown.begin();
    }

    /** Waits for SIGTERM, or the admin page for it, and for the drain that follows. */
    public void awaitEnd() throws InterruptedException {
        shutdown.onSignals();
        Signals.on("USR1", telemetry::reopenLogs);
        Signals.on("HUP", () -> LOG.warn("caught and eating SIGHUP: there is no hot restart"));
        ended.await();
        stop();
    }

    private void closeListeners() {
        listeners.forEach(Listener::close);
    }

    /** Ends all parts at once. */
    public void stop() {
        closeListeners();
        if (admin != null) {
            admin.close();
        }
        files.close();
        upstreams.close();
        telemetry.close();
        acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        workers.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
