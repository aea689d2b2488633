package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * A group of backends at work: which endpoints there are, how they do, and how much may be under way with them. Its
 * background work (discovery, health checks, outlier detection) happens on one event loop of its own choosing, which
 * alone publishes new {@link HostSet}s; any event loop reads them, reports outcomes and counts.
 */
public final class Cluster implements AutoCloseable {
    private final ClusterConfig config;
    private final EventLoop loop;
    private final CircuitBreakers breakers;
    private final List<Consumer<List<Host>>> removalListeners = new CopyOnWriteArrayList<>();
    private volatile HostSet hosts;

    /** Nothing happens before {@link #start}; there are no endpoints until then. */
    public Cluster(ClusterConfig config, EventLoopGroup background) {
        this.config = config;
        this.loop = background.next();
        this.breakers = new CircuitBreakers(config.breakers());
        this.hosts = HostSet.of(0, List.of(), config.balancer());
    }

    public ClusterConfig config() {
        return config;
    }

    /** The present endpoints; any thread. */
    HostSet hosts() {
        return hosts;
    }

    /** For the admin pages: every endpoint, in the order of discovery. */
    public List<Host> allHosts() {
        return hosts.all();
    }

    CircuitBreakers breakers() {
        return breakers;
    }

    /** A balancer for one event loop. */
    LoadBalancer newBalancer() {
        return new Policies(config.balancer(), () -> ThreadLocalRandom.current().nextLong(), System::nanoTime)
                .balancer(this::hosts);
    }

    /**
     * Begins its background work.
     *
     * @param ready called once on the cluster's loop, after the first resolution and the first round of health checks,
     *     however they went
     */
    void start(Consumer<Cluster> ready) {
        loop.execute(() -> {
            List<Host> found = new ArrayList<>();
            long now = System.nanoTime();
            for (ClusterConfig.Locality place : config.localities()) {
                place.hosts().forEach(host -> found.add(new Host(place, host, literal(host.address()), now)));
            }
            hosts = HostSet.of(hosts.version() + 1, found, config.balancer());
            ready.accept(this);
        });
    }

    private static SocketAddress literal(Endpoint endpoint) {
        if (endpoint.isPipe()) {
            return new DomainSocketAddress(endpoint.host());
        }
        if (endpoint.host().equals("localhost")) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port());
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(endpoint.host());
        if (address == null) {
            throw new IllegalArgumentException(endpoint + " is a name, not an IP address");
        }
        return new InetSocketAddress(address, endpoint.port());
    }

    /** Registers someone who is told, on the cluster's loop, which endpoints are gone, so that connections drain. */
    void onHostsRemoved(Consumer<List<Host>> listener) {
        removalListeners.add(listener);
    }

    /** How an attempt went; any event loop, cheap. */
    void report(Host host, Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            if (answered.httpStatus() >= 500) {
                host.requestFailed();
            } else {
                host.requestSucceeded();
            }
        }
    }

    /** Ends its background work; calls under way are not touched. */
    @Override
    public void close() {}
}
