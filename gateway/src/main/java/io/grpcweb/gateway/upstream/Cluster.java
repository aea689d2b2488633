package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.ClusterConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
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
    private final Membership membership;
    private final Discovery discovery;
    private volatile HostSet hosts;

    /** Nothing happens before {@link #start}; there are no endpoints until then. */
    public Cluster(ClusterConfig config, EventLoopGroup background) {
        this(config, background, DnsServerAddressStreamProviders.platformDefault());
    }

    /** With name servers of the caller's own. */
    Cluster(ClusterConfig config, EventLoopGroup background, DnsServerAddressStreamProvider servers) {
        this.config = config;
        this.loop = background.next();
        this.breakers = new CircuitBreakers(config.breakers());
        this.hosts = HostSet.of(0, List.of(), config.balancer());
        this.membership = new Membership(
                config.discovery().type() == ClusterConfig.Discovery.Type.LOGICAL_DNS,
                !config.healthChecks().isEmpty());
        this.discovery = new Discovery(config, loop, servers, this::found);
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
        loop.execute(() -> discovery.start(() -> ready.accept(this)));
    }

    private void found(List<Discovery.Found> addresses) {
        changed(membership.update(addresses, System.nanoTime()));
    }

    private void changed(Membership.Change change) {
        if (change.any()) {
            publish();
        }
        if (!change.removed().isEmpty()) {
            removalListeners.forEach(listener -> listener.accept(change.removed()));
        }
    }

    private void publish() {
        hosts = HostSet.of(hosts.version() + 1, membership.members(), config.balancer());
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
    public void close() {
        loop.execute(discovery::close);
    }
}
