package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.ClusterConfig;
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
    private final Identity identity;
    private final ClusterConfig.Locality place;
    private final int healthPort;

    private final AtomicInteger flags = new AtomicInteger();
    private final OutlierMonitor outlier = new OutlierMonitor();
    private final FaultLog faults = new FaultLog();
    private volatile List<SocketAddress> addresses;
    private volatile int weight;
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

    /** What makes two endpoints of a cluster the same: the address, and where the configuration put it. */
    public record Identity(SocketAddress address, String hostname, int priority) {}

    public Host(ClusterConfig.Locality place, ClusterConfig.Host config, List<SocketAddress> addresses, long nowNanos) {
        this.identity = new Identity(addresses.get(0), hostname(config), place.priority());
        this.place = place;
        this.addresses = List.copyOf(addresses);
        this.weight = Math.max(1, config.weight());
        this.healthPort = config.healthPort();
        this.healthySinceNanos = nowNanos;
        switch (config.health()) {
            case UNHEALTHY -> set(HealthFlag.FAILED_EDS_HEALTH);
            case DRAINING -> set(HealthFlag.EDS_STATUS_DRAINING);
            case DEGRADED -> set(HealthFlag.DEGRADED_EDS_HEALTH);
            case UNKNOWN, HEALTHY -> {}
        }
    }

    /** A name that was configured apart from the address, or else the address as written. */
    static String hostname(ClusterConfig.Host config) {
        return config.hostname().isEmpty() ? config.address().host() : config.hostname();
    }

    public Identity identity() {
        return identity;
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

    /** The DNS name or IP address as configured. */
    public String hostname() {
        return identity.hostname();
    }

    /** SRV records have another one now. */
    public void weigh(int newWeight) {
        weight = newWeight;
    }

    public int weight() {
        return weight;
    }

    public int priority() {
        return identity.priority();
    }

    public String region() {
        return place.region();
    }

    public String zone() {
        return place.zone();
    }

    public String subZone() {
        return place.subZone();
    }

    ClusterConfig.Locality place() {
        return place;
    }

    /** Where active health checks go. */
    public SocketAddress healthAddress() {
        SocketAddress own = address();
        return healthPort > 0 && own instanceof InetSocketAddress ip
                ? new InetSocketAddress(ip.getAddress(), healthPort)
                : own;
    }

    /** Whether calls may go to it outside of a panic: neither failed nor ejected nor draining. */
    public boolean usable() {
        return (flags.get() & HealthFlag.UNHEALTHY) == 0;
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
        return identity.hostname() + "@" + address();
    }
}
