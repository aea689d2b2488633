package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Metadata;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * One endpoint of a cluster: where it is, how it does, and what it has been given to do. The object stays the same for
 * as long as discovery names its address, so connection pools and counters hang on its identity.
 *
 * <p>Any event loop counts; the health flags are written by the cluster's own loop only.
 */
public final class Host {
    private final AtomicInteger flags = new AtomicInteger();
    private final OutlierMonitor outlier = new OutlierMonitor();
    private final FaultLog faults = new FaultLog();
    private final int tlsMatch;
    private volatile Description description;
    private volatile List<SocketAddress> addresses;
    private volatile double successRate = -1;
    private volatile long healthySinceNanos;

    private final AtomicInteger activeRequests = new AtomicInteger();
    private final AtomicInteger activeConnections = new AtomicInteger();
    private final LongAdder connections = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    /** What the configuration or a control plane says of it. */
    private record Description(ClusterConfig.Locality place, ClusterConfig.Host config) {}

    /**
     * An endpoint that has just been found.
     *
     * @param place without its endpoints
     * @param tlsMatch the entry of the cluster that its TLS is taken from, or -1
     */
    public Host(
            ClusterConfig.Locality place,
            ClusterConfig.Host config,
            List<SocketAddress> addresses,
            int tlsMatch,
            long nowNanos) {
        this.tlsMatch = tlsMatch;
        this.description = new Description(place, config);
        this.addresses = List.copyOf(addresses);
        this.healthySinceNanos = nowNanos;
        takeHealth(config.health());
    }

    /**
     * Something else is said of it, and it stays the same; on the cluster's loop.
     *
     * @return whether load balancing has to know
     */
    public boolean describe(ClusterConfig.Locality place, ClusterConfig.Host config) {
        Description old = description;
        if (old.place.equals(place) && old.config.equals(config)) {
            return false;
        }
        description = new Description(place, config);
        boolean health = takeHealth(config.health());
        return health || !old.place.equals(place) || old.config.weight() != config.weight();
    }

    private boolean takeHealth(ClusterConfig.HealthStatus status) {
        HealthFlag wanted =
                switch (status) {
                    case UNHEALTHY, TIMEOUT -> HealthFlag.FAILED_EDS_HEALTH;
                    case DRAINING -> HealthFlag.EDS_STATUS_DRAINING;
                    case DEGRADED -> HealthFlag.DEGRADED_EDS_HEALTH;
                    case UNKNOWN, HEALTHY -> null;
                };
        boolean changed = false;
        for (HealthFlag flag : HealthFlag.SAID) {
            changed |= flag == wanted ? set(flag) : clear(flag);
        }
        return changed;
    }

    /** A name that was configured apart from the address, or else the address as written. */
    static String hostname(ClusterConfig.Host config) {
        return config.hostname().isEmpty() ? config.address().host() : config.hostname();
    }

    /** Where it is: a resolved IP address with its port, or a socket file. The first of them where it has several. */
    public SocketAddress address() {
        return addresses.get(0);
    }

    /** Where new connections go: to one of these. */
    public List<SocketAddress> addresses() {
        return addresses;
    }

    /** LOGICAL_DNS: the endpoint stays, later connections go elsewhere. */
    public void moveTo(List<SocketAddress> newAddresses) {
        addresses = List.copyOf(newAddresses);
    }

    /** Whether the health checks of its cluster ask it. */
    public boolean isChecked() {
        return description.config.checked();
    }

    /** The DNS name or IP address as configured. */
    public String hostname() {
        return hostname(description.config);
    }

    /** A name for the pages: the one of the configuration or of DNS, empty where there is none. */
    public String givenName() {
        ClusterConfig.Host config = description.config;
        boolean named = !config.hostname().isEmpty()
                || !config.address().isPipe()
                        && !Addresses.isIp(config.address().host());
        return named ? hostname(config) : "";
    }

    public int weight() {
        return Math.max(1, description.config.weight());
    }

    public int priority() {
        return description.place.priority();
    }

    public String region() {
        return description.place.region();
    }

    public String zone() {
        return description.place.zone();
    }

    public String subZone() {
        return description.place.subZone();
    }

    /** Its locality, without the endpoints of it. */
    ClusterConfig.Locality place() {
        return description.place;
    }

    /** The entry of the cluster that its TLS is taken from, or -1. */
    public int tlsMatch() {
        return tlsMatch;
    }

    /** What is said of it for others to read. */
    public Metadata metadata() {
        return description.config.metadata();
    }

    /** What is said of its health. */
    public ClusterConfig.HealthStatus saidHealth() {
        return description.config.health();
    }

    /** The port that active health checks go to, 0 for its own. */
    public int healthPort() {
        return description.config.healthPort();
    }

    /** Where active health checks go. */
    public SocketAddress healthAddress() {
        SocketAddress own = address();
        int healthPort = healthPort();
        return healthPort > 0 && own instanceof InetSocketAddress ip
                ? new InetSocketAddress(ip.getAddress(), healthPort)
                : own;
    }

    /** Whether calls may go to it outside of a panic: neither failed nor ejected nor draining. */
    public boolean usable() {
        return (flags.get() & HealthFlag.UNHEALTHY) == 0;
    }

    /** Whether it counts where the share of healthy endpoints is asked for: one that drains is as good as gone. */
    public boolean counts() {
        return !has(HealthFlag.EDS_STATUS_DRAINING);
    }

    public boolean degraded() {
        int now = flags.get();
        return (now & HealthFlag.UNHEALTHY) == 0 && (now & HealthFlag.DEGRADED) != 0;
    }

    public boolean has(HealthFlag flag) {
        return (flags.get() & flag.bit()) != 0;
    }

    public OutlierMonitor outlier() {
        return outlier;
    }

    public FaultLog faults() {
        return faults;
    }

    /** Whether outlier detection has taken it out. */
    public boolean ejected() {
        return has(HealthFlag.FAILED_OUTLIER_CHECK);
    }

    /** On the cluster's loop; returns whether that changes anything. */
    public boolean set(HealthFlag flag) {
        return (flags.getAndUpdate(old -> old | flag.bit()) & flag.bit()) == 0;
    }

    /** On the cluster's loop; returns whether that changes anything. */
    public boolean clear(HealthFlag flag) {
        return (flags.getAndUpdate(old -> old & ~flag.bit()) & flag.bit()) != 0;
    }

    /** As Envoy's {@code /clusters} writes them: {@code healthy} or {@code /failed_active_hc/...}. */
    public String healthFlags() {
        return HealthFlag.text(flags.get());
    }

    /** Percent of calls that went well in the last interval of outlier detection, -1 where there were too few. */
    public double successRate() {
        return successRate;
    }

    public void successRate(double percent) {
        successRate = percent;
    }

    /** From when on slow start counts: when it was added, or last found healthy again. */
    public long healthySinceNanos() {
        return healthySinceNanos;
    }

    public void healthySince(long nowNanos) {
        healthySinceNanos = nowNanos;
    }

    // What it was given to do; any event loop.

    /** A call was given to it, and may have to wait for a connection. */
    public void requestStarted() {
        activeRequests.incrementAndGet();
    }

    /** That call has a connection; only now it counts in Envoy's {@code rq_total}. */
    public void requestSent() {
        requests.increment();
    }

    /** That call is over, however it went. */
    public void requestEnded() {
        activeRequests.decrementAndGet();
    }

    /** How attempts ended is counted by {@code Cluster.report}. */
    public void requestSucceeded() {
        succeeded.increment();
    }

    public void requestFailed() {
        failed.increment();
    }

    public void requestTimedOut() {
        timedOut.increment();
    }

    /** A connection is on its way. */
    public void connectionStarted() {
        activeConnections.incrementAndGet();
    }

    /** One of its addresses is tried for a connection; Envoy's {@code cx_total} counts these. */
    public void addressTried() {
        connections.increment();
    }

    public void connectFailed() {
        connectFailures.increment();
    }

    /** A connection or an attempt at one is over. */
    public void connectionEnded() {
        activeConnections.decrementAndGet();
    }

    /** {@code rq_active}. */
    public int activeRequests() {
        return activeRequests.get();
    }

    /** {@code cx_active}. */
    public int activeConnections() {
        return activeConnections.get();
    }

    /** {@code cx_total}. */
    public long connections() {
        return connections.sum();
    }

    /** {@code cx_connect_fail}. */
    public long connectFailures() {
        return connectFailures.sum();
    }

    /** {@code rq_total}. */
    public long requests() {
        return requests.sum();
    }

    /** {@code rq_success}. */
    public long requestsSucceeded() {
        return succeeded.sum();
    }

    /** {@code rq_error}. */
    public long requestsFailed() {
        return failed.sum();
    }

    /** {@code rq_timeout}. */
    public long requestsTimedOut() {
        return timedOut.sum();
    }

    @Override
    public String toString() {
        return hostname() + "@" + address();
    }
}
