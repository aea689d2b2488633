package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.discovery.Discovery;
import io.grpcweb.gateway.upstream.discovery.Membership;
import io.grpcweb.gateway.upstream.health.HealthChecker;
import io.grpcweb.gateway.upstream.health.HealthState;
import io.grpcweb.gateway.upstream.health.OutlierDetector;
import io.grpcweb.gateway.upstream.host.EndpointTls;
import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.HostSet;
import io.grpcweb.gateway.upstream.host.LoadBalancer;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.grpcweb.gateway.upstream.host.OutlierMonitor;
import io.grpcweb.gateway.upstream.host.Policies;
import io.grpcweb.gateway.upstream.host.SubsetBalancer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group of backends at work: which endpoints there are, how they do, and how much may be under way with them. Its
 * background work (discovery, health checks, outlier detection) happens on one event loop of its own choosing, which
 * alone publishes new {@link HostSet}s; any event loop reads them, reports outcomes and counts.
 */
public final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final EventLoop loop;
    private final CircuitBreakers breakers;
    private final ClusterStats stats;
    private final List<Consumer<List<Host>>> removalListeners = new CopyOnWriteArrayList<>();
    private final Membership membership;
    private final Discovery discovery;
    private final StaleTimer stale;
    private final OutlierDetector outliers;
    private EndpointTls tls;
    private HealthChecker checker;
    private Consumer<Cluster> ready;
    private boolean closed;
    private volatile ClusterConfig config;
    private volatile Assignment assignment;

    /** Whether a control plane has named endpoints before the start. */
    private boolean assignedEarly;

    private volatile HostSet hosts;

    /** Nothing happens before {@link #start}; there are no endpoints until then. */
    public Cluster(ClusterConfig config, EventLoopGroup background) {
        this(config, background, new Stats().cluster(config.name()));
    }

    /** The same, counted where the pages see it. */
    public Cluster(ClusterConfig config, EventLoopGroup background, ClusterStats stats) {
        this.config = config;
        this.stats = stats;
        this.loop = background.next();
        this.breakers = new CircuitBreakers(config.breakers());
        this.hosts = HostSet.of(0, List.of(), config.balancer());
        this.assignment = config.assignment();
        this.membership = new Membership(config);
        this.stale = new StaleTimer(loop, this::outdated);
        this.discovery = new Discovery(config, loop, stats, this::found);
        this.outliers = config.outlierDetection()
                .map(detection -> new OutlierDetector(
                        detection, () -> ThreadLocalRandom.current().nextInt(100)))
                .orElse(null);
    }

    /** From now on the gauges of its name are its own. */
    public void showGauges() {
        ClusterGauges.bind(stats, this);
    }

    public ClusterConfig config() {
        return config;
    }

    /** TLS of health checks; before {@link #start}. Its files are watched for as long as the cluster. */
    public void useTls(EndpointTls context) {
        tls = context;
    }

    /** What outlier detection has done, under Envoy's names; empty where it is off. */
    public Map<String, Long> outlierCounters() {
        return outliers == null ? Map.of() : outliers.counters().values();
    }

    /** What is counted of it; any thread. */
    public ClusterStats stats() {
        return stats;
    }

    /** The present endpoints; any thread. */
    public HostSet hosts() {
        return hosts;
    }

    /** For the admin pages: every endpoint, in the order of discovery. */
    public List<Host> allHosts() {
        return hosts.all();
    }

    public CircuitBreakers breakers() {
        return breakers;
    }

    /** A balancer for one event loop. */
    public LoadBalancer newBalancer() {
        Policies policies = new Policies(
                config.balancer(),
                () -> ThreadLocalRandom.current().nextLong(),
                System::nanoTime,
                stats.lbHealthyPanic);
        return config.balancer().subsets().isEmpty()
                ? policies.balancer(this::hosts)
                : new SubsetBalancer(
                        config.balancer().subsets().get(),
                        this::hosts,
                        policies,
                        stats.subsetsSelected,
                        stats.subsetsFallback);
    }

    /**
     * Begins its background work.
     *
     * @param whenReady called once on the cluster's loop, after the first assignment (EDS), the first resolution and the first
     *     round of health checks, however they went
     */
    public void start(Consumer<Cluster> whenReady) {
        loop.execute(() -> {
            ready = whenReady;
            if (isHealthChecked()) {
                checker = new HealthChecker(config, loop, tls, this::hasTraffic, stats.healthCheck(), this::checked);
            }
            config.outlierDetection().ifPresent(detection -> judgeIn(detection.interval()));
            if (config.discovery().type() != ClusterConfig.Discovery.Type.EDS || assignedEarly) {
                take(assignment, this::discovered);
            }
        });
    }

    /**
     * Takes the endpoints that a control plane names (EDS) in the place of those before; any thread, also before {@link #start}.
     * Those that stay keep their connections, their health and their counters; those that go get no new call, and their
     * connections close behind their last streams.
     */
    public void assign(Assignment next) {
        if (loop.isShuttingDown()) {
            return;
        }
        loop.execute(() -> {
            if (!next.policy().staleAfter().isZero()) {
                stats.assignmentTimeoutReceived.increment();
            }
            stale.restart(next.policy().staleAfter());
            if (ready == null) {
                assignment = next;
                assignedEarly = true;
            } else {
                take(next, this::discovered);
            }
        });
    }

    /**
     * Takes another configuration that differs in the endpoints alone, as {@link #assign} does.
     *
     * @param inForce runs on the cluster's loop when the endpoints are: names that are new are resolved first
     */
    public void update(ClusterConfig next, Runnable inForce) {
        if (!config.with(next.assignment()).equals(next)) {
            throw new IllegalArgumentException("another cluster: " + next.name());
        }
        config = next;
        loop.execute(() -> take(next.assignment(), inForce));
    }

    /** The endpoints that are or will be in force, as they were named; any thread. */
    public Assignment assignment() {
        return assignment;
    }

    /** Whether the policy of the endpoints has the next call answered instead of sent; any event loop. */
    public boolean drops() {
        double share = assignment.policy().dropped();
        return share > 0 && ThreadLocalRandom.current().nextDouble() < share;
    }

    private void outdated() {
        stats.assignmentStale.increment();
        LOG.warn("cluster {}: nothing has been heard of its endpoints for too long, it has none now", config.name());
        take(new Assignment(List.of(), assignment.policy()), () -> {});
    }

    private void take(Assignment next, Runnable inForce) {
        boolean samePolicy = next.policy().equals(assignment.policy());
        long before = hosts.version();
        assignment = next;
        if (!closed) {
            discovery.take(next, inForce);
            if (!samePolicy && before == hosts.version()) {
                publish();
            }
        } else {
            inForce.run();
        }
    }

    private void discovered() {
        Consumer<Cluster> told = ready;
        ready = cluster -> {};
        if (checker == null) {
            told.accept(this);
        } else {
            checker.whenAllAsked(() -> told.accept(this));
        }
    }

    private void found(List<Discovery.Found> addresses) {
        Membership.Change change = membership.update(addresses, System.nanoTime());
        if (!change.any() && config.discovery().type() == ClusterConfig.Discovery.Type.EDS) {
            stats.updateNoRebuild.increment();
        }
        changed(change);
    }

    private void changed(Membership.Change change) {
        if (outliers != null) {
            outliers.added(change.added());
            outliers.removed(change.removed());
        }
        if (!change.added().isEmpty() || !change.removed().isEmpty()) {
            stats.membershipChange.increment();
        }
        if (change.any()) {
            publish();
        }
        if (checker != null) {
            checker.removed(change.removed());
            checker.added(change.added());
        }
        if (!change.removed().isEmpty()) {
            removalListeners.forEach(listener -> listener.accept(change.removed()));
        }
    }

    private boolean hasTraffic() {
        return membership.members().stream().anyMatch(host -> host.connections() > 0);
    }

    /** A health check of an endpoint has ended. */
    private void checked(Host host, HealthState.Result result, boolean changed) {
        boolean back = outliers != null
                && result.isGood()
                && !host.has(HealthFlag.FAILED_ACTIVE_HC)
                && outliers.healthCheckPassed(host, System.nanoTime());
        if (changed || back) {
            publish();
            changed(membership.prune());
        }
    }

    private void judgeIn(Duration interval) {
        loop.schedule(
                () -> {
                    if (closed) {
                        return;
                    }
                    if (outliers.interval(System.nanoTime())) {
                        publish();
                    }
                    judgeIn(interval);
                },
                interval.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private void tripped(Host host, OutlierMonitor.Kind kind) {
        if (loop.isShuttingDown()) {
            return;
        }
        loop.execute(() -> {
            if (outliers.tripped(host, kind, System.nanoTime())) {
                LOG.info("cluster {}: {} is ejected for {}", config.name(), host, kind.envoyName());
                publish();
            }
        });
    }

    private void publish() {
        hosts = HostSet.of(hosts.version() + 1, membership.members(), assignment.policy(), config.balancer());
    }

    /** Registers someone who is told, on the cluster's loop, which endpoints are gone, so that connections drain. */
    public void onHostsRemoved(Consumer<List<Host>> listener) {
        removalListeners.add(listener);
    }

    /** How an attempt went; any event loop, cheap. */
    public void report(Host host, Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            if (answered.httpStatus() >= 500) {
                host.requestFailed();
            } else {
                host.requestSucceeded();
            }
        } else if (outcome != Outcome.LocalOrigin.CONNECTED) {
            host.requestFailed();
            if (outcome == Outcome.LocalOrigin.REQUEST_TIMEOUT) {
                host.requestTimedOut();
            }
        }
        if (outliers != null) {
            host.outlier().count(outcome, config.outlierDetection().orElseThrow(), kind -> tripped(host, kind));
        }
    }

    /** Whether there are active health checks. */
    public boolean isHealthChecked() {
        return !config.healthChecks().isEmpty();
    }

    /**
     * An endpoint asks for no more calls ({@code x-envoy-immediate-health-check-fail}); any event loop. Only where there
     * are active health checks: without them nobody could tell when it is well again.
     */
    public void saysItIsNotWell(Host host) {
        if (!loop.isShuttingDown()) {
            loop.execute(() -> checker.saysSo(host));
        }
    }

    /** Ends its background work; calls under way are not touched. */
    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        loop.execute(() -> {
            closed = true;
            stale.close();
            discovery.close();
            if (tls != null) {
                tls.close();
            }
            if (checker != null) {
                checker.close();
            }
        });
    }
}
