package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.admin.AdminServer;
import io.grpcweb.gateway.admin.Controls;
import io.grpcweb.gateway.admin.ServerInfo;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.downstream.DateClock;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.dynamic.DynamicSnapshot;
import io.grpcweb.gateway.dynamic.Phase;
import io.grpcweb.gateway.filter.SharedParts;
import io.grpcweb.gateway.filter.recorder.RecordedCalls;
import io.grpcweb.gateway.logging.LogLayout;
import io.grpcweb.gateway.logging.Logs;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.overload.Overload;
import io.grpcweb.gateway.process.Giver;
import io.grpcweb.gateway.process.ServiceManager;
import io.grpcweb.gateway.process.Watchdog;
import io.grpcweb.gateway.source.FileSource;
import io.grpcweb.gateway.source.Outcome;
import io.grpcweb.gateway.source.ReloadStats;
import io.grpcweb.gateway.stats.EndpointShares;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.telemetry.export.Exports;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.pool.ClusterCalls;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: event loops, clusters, listeners and the admin pages. A configuration comes into force by {@link #apply}
 * alone, the first one at the start and others while it serves.
 */
public final class Gateway implements FileSource.Target {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** How often the files of certificates are looked at. */
    private static final Duration FILES_PERIOD = Duration.ofSeconds(1);

    /** What waits for collectors at the end has this long to reach them. */
    private static final Duration LAST_EXPORTS = Duration.ofSeconds(1);

    private final long beganNanos = System.nanoTime();
    private final Host host;
    private final SharedParts shared = new SharedParts();
    private final EventLoopGroup workers;
    private final EventLoopGroup acceptor;
    private final Stats stats = new Stats();
    private final FileWatch files = new FileWatch(FILES_PERIOD);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final DateClock clock = new DateClock();
    private final ClusterManager clusters;
    private final Exports exports;
    private final Listeners listeners;
    private final Changes changes;
    private final Telemetry telemetry;
    private final Drain drain;
    private final CertificateInventory certificates;
    private final Load load;
    private final Overload overload;
    private final ReloadStats reloads = new ReloadStats();
    private volatile GatewayConfig config;
    private volatile FileSource source;
    private volatile Elsewhere elsewhere;
    private AdminServer admin;
    private InetSocketAddress adminAddress;

    private Gateway(GatewayConfig first, Host host) {
        this.host = host;
        this.workers = host.eventLoops() == null ? Transport.group(host.concurrency(), "worker") : host.eventLoops();
        this.acceptor = Transport.groupLike(workers, "accept");
        this.telemetry = new Telemetry(first.admin().isPresent() || host.registry() != null, stats, host.registry());
        this.clusters = new ClusterManager(workers, stats, files);
        load = OverloadRelief.load(first.overload());
        this.exports = new Exports(workers, new ClusterCalls(clusters));
        this.listeners = new Listeners(acceptor, workers, stats, files, load, host.sockets(), () -> config.drain()
                .drainTime());
        this.changes = new Changes(clusters, listeners, telemetry, shared, workers, !host.isProcess());
        this.overload = new Overload(first.overload(), load, new OverloadRelief(listeners), stats.overload());
        this.drain = new Drain(first.drain(), listeners.all(), host.milestones(), ended::countDown);
        this.certificates = new CertificateInventory(
                () -> listeners.all().stream().map(Listener::config).toList(),
                () -> clusters.all().stream().map(Cluster::config).toList(),
                files.secrets()::get);
        if (host.accessLog() != null) {
            telemetry.logTo(host.accessLog());
        }
        telemetry.tlsReloads(files::reloads, files::failures);
        if (host.isProcess()) {
            telemetry.ownLog(Logs::dropped);
        }
        telemetry.configReloads(
                reloads::successes,
                reloads::failures,
                () -> reloads.lastFailure().isEmpty(),
                () -> reloads.lastSuccess().toEpochMilli() / 1000.0);
        files.onReload(this::showCertificates);
    }

    /**
     * Starts all parts; listeners open when every cluster is ready. Where something comes from elsewhere, that is waited for while
     * this method has returned.
     *
     * @param concurrency how many event loops serve
     * @throws IOException names what cannot be read or bound, all of it at once
     */
    public static Gateway start(GatewayConfig config, int concurrency) throws IOException, InterruptedException {
        return start(config, Host.process(concurrency));
    }

    /** The same inside another program. */
    public static Gateway start(GatewayConfig config, Host host) throws IOException, InterruptedException {
        GatewayConfig.Node node = config.node();
        return start(
                config,
                host,
                new ServerInfo(
                        Version::text,
                        Instant.now(),
                        host.concurrency(),
                        "",
                        "",
                        "info",
                        "",
                        "",
                        LogLayout.DEFAULT,
                        node.cluster(),
                        node.id()));
    }

    /** The same, with what the admin pages say of how it was started. */
    public static Gateway start(GatewayConfig config, ServerInfo info) throws IOException, InterruptedException {
        return start(config, Host.process(info.concurrency()), info);
    }

    /** The same, where others are told how far it has come, or have passed it sockets. */
    public static Gateway start(GatewayConfig config, Host host, ServerInfo info)
            throws IOException, InterruptedException {
        Gateway gateway = new Gateway(config, host);
        try {
            gateway.open(config, info);
        } catch (IOException e) {
            gateway.stop();
            throw e;
        }
        return gateway;
    }

    private synchronized void open(GatewayConfig first, ServerInfo info) throws IOException, InterruptedException {
        Changes.Change step = changes.prepare(first, services(first), false);
        config = first;
        if (!first.isComplete()) {
            elsewhere = new Elsewhere(
                    first,
                    new Elsewhere.Gives(
                            workers,
                            stats,
                            files,
                            clusters,
                            new LiveListeners(this, listeners, drain::retire),
                            phase -> entered(phase, step)));
        }
        openAdmin(first, info);
        step.warmClusters();
        // Filters ask clusters before the first port opens; nothing else does.
        step.enforceClusters();
        if (elsewhere == null) {
            step.bind();
            step.enforceListeners(drain::retire);
            live();
        } else {
            elsewhere.start();
        }
        LimitsInForce.say(first, load.mostConnections());
        long refresh = first.overload().refresh().toNanos();
        acceptor.scheduleWithFixedDelay(overload, refresh, refresh, TimeUnit.NANOSECONDS);
        if (host.isProcess()) {
            releaseHeapAfterBursts();
        }
    }

    private void openAdmin(GatewayConfig first, ServerInfo info) throws IOException, InterruptedException {
        if (first.admin().isEmpty()) {
            return;
        }
        certificates.show(first);
        admin = new AdminServer(
                stats,
                new AdminControls(
                        drain,
                        telemetry::reopenLogs,
                        () -> source,
                        new EndpointShares(first.admin().get().readyWhen(), clusters::stats)),
                new AdminSnapshots(
                        () -> config,
                        clusters,
                        listeners,
                        certificates,
                        reloads,
                        this::dynamic,
                        () -> drain.state() != Controls.State.PRE_INITIALIZING,
                        CallTrial.of(host.kinds(), first.node(), first.errorFormat()),
                        () -> new ReachableBackends(
                                clusters, listeners, workers, shared.of(RecordedCalls.class, RecordedCalls::new))),
                info,
                telemetry::scrape,
                telemetry.recent(),
                telemetry.adminLog(first.admin().get()));
        adminAddress = admin.start(first.admin().get());
        LOG.info("admin pages on {}", adminAddress == null ? first.admin().get().address() : "http:/" + adminAddress);
    }

    /** The start has come further; on the thread of what comes from elsewhere. */
    private void entered(Phase phase, Changes.Change step) {
        if (phase == Phase.LISTENERS) {
            drain.started(Controls.State.INITIALIZING);
        } else if (phase == Phase.LIVE) {
            openListeners(step);
        }
    }

    private synchronized void openListeners(Changes.Change step) {
        if (drain.isDraining()) {
            return;
        }
        try {
            step.bind();
            step.enforceListeners(drain::retire);
            live();
        } catch (IOException e) {
            LOG.error("The gateway cannot start: {}", e.getMessage());
            drain.begin();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        drain.live();
        stats.listenerManager().workersStarted.set(1);
        stats.server().initializationTimeMs.recordNanos(System.nanoTime() - beganNanos);
        telemetry.watch(workers);
        for (SocketAddress address : host.sockets().left()) {
            LOG.warn("the socket at {} was passed to this process, and no listener has its address", address);
        }
        host.milestones().live();
    }

    private DynamicSnapshot dynamic() {
        Elsewhere from = elsewhere;
        return from == null ? DynamicSnapshot.NONE : from.snapshot();
    }

    /**
     * Puts another configuration in force, all of it or nothing. What is equal in both is not touched: connections, health,
     * counters and what filters have counted live on. Clusters that are new or changed warm first, for some seconds at most;
     * requests that come afterwards take the new routes; the connections of filter chains and listeners that are gone drain.
     *
     * @return what of it takes a restart, and is not in force
     * @throws IOException names what cannot be read or bound, all of it at once; then nothing has changed
     */
    @Override
    public synchronized List<String> apply(GatewayConfig next) throws IOException, InterruptedException {
        List<String> later = RestartNeeds.between(config, next);
        Changes.Change step = changes.prepare(next, services(next), config.errorFormat() != next.errorFormat());
        step.warmClustersForAWhile();
        // The last point at which it may fail.
        step.bind();
        step.enforceClusters();
        step.enforceListeners(drain::retire);
        config = next.with(config.admin(), config.node());
        drain.config(next.drain());
        certificates.follow(next);
        return later;
    }

    /** Has filters fetch what they need, those that were made since the last time; then runs something, on some thread. */
    void warm(Runnable ready) {
        changes.warmFilters(ready);
    }

    /** Makes what connections are served with, under the settings in force. */
    FilterChains services() {
        return services(config);
    }

    private FilterChains services(GatewayConfig of) {
        return new FilterChains(
                host.kinds(),
                of.errorFormat(),
                clusters,
                stats,
                telemetry,
                clock,
                of.node(),
                () -> drain.isDraining(),
                shared,
                exports);
    }

    private void showCertificates() {
        certificates.readAgain();
        listeners.showCertificates();
    }

    private void releaseHeapAfterBursts() {
        Runtime java = Runtime.getRuntime();
        HeapRelease release = new HeapRelease(this::open, java::totalMemory, java::gc);
        acceptor.scheduleWithFixedDelay(release, 1, 1, TimeUnit.SECONDS);
    }

    /** Connections and calls that are open. */
    private long open() {
        return stats.server().totalConnections.value()
                + clusters.all().stream()
                        .mapToLong(cluster -> cluster.stats().upstreamRqActive.value())
                        .sum();
    }

    /** How reloads went; for the source of configurations. */
    public ReloadStats reloads() {
        return reloads;
    }

    /** Reads configurations again from this source when it is asked to: SIGHUP, {@code /reload}. It is closed at the end. */
    public void reloadFrom(FileSource newSource) {
        source = newSource;
    }

    @Override
    public GatewayConfig config() {
        return config;
    }

    /** Where the listeners listen, in the order of the configuration. */
    public List<SocketAddress> addresses() {
        return listeners.addresses();
    }

    /** Where the admin pages are; null where there are none. */
    public InetSocketAddress adminAddress() {
        return adminAddress;
    }

    Stats stats() {
        return stats;
    }

    /** What another process takes over. */
    public Giver giver() {
        return new Succession(listeners, drain, admin, this::readNoMore);
    }

    private void readNoMore() {
        FileSource before = source;
        source = null;
        if (before != null) {
            before.close();
        }
    }

    @Override
    public void reloading() {
        host.milestones().reloading();
    }

    @Override
    public void reloaded(Outcome outcome) {
        host.milestones().reloaded(outcome.isSuccess() ? "" : String.join("\n", outcome.lines()));
    }

    /** Has the service manager told again and again that no event loop is stuck, where it wants to be told. */
    public void watch(ServiceManager manager) {
        Watchdog.start(manager, acceptor.next(), workers);
    }

    /** Begins to end: as SIGTERM. */
    public void shutDown() {
        drain.begin();
    }

    /** Drains and waits for the end of it, or until the limit; what is still open then ends with a status. */
    public void drain(Duration limit) throws InterruptedException {
        drain.begin(limit);
        ended.await();
    }

    /** Waits for SIGTERM, or the admin page for it, and for the drain that follows. */
    public void awaitEnd() throws InterruptedException {
        drain.onSignals();
        Signals.on("USR1", telemetry::reopenLogs);
        Signals.on("HUP", this::reload);
        ended.await();
        stop();
    }

    private void reload() {
        FileSource from = source;
        if (from == null) {
            LOG.warn("caught and eating SIGHUP: there is nothing to read the configuration from");
        } else {
            from.requestReload();
        }
    }

    /** Ends all parts at once. */
    public void stop() {
        if (source != null) {
            source.close();
        }
        if (elsewhere != null) {
            elsewhere.close();
        }
        listeners.close();
        if (admin != null) {
            admin.close();
        }
        listeners.abort();
        files.close();
        exports.close(LAST_EXPORTS);
        clusters.close();
        telemetry.close();
        drain.close();
        acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        if (host.eventLoops() == null) {
            // A server in this process says that it has closed its end, as a task of the loop of the other end.
            boolean peers = config != null && config.clusters().stream().anyMatch(ClusterConfig::isLocal);
            workers.shutdownGracefully(peers ? 100 : 0, 2000, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(3, TimeUnit.SECONDS);
        }
    }
}
