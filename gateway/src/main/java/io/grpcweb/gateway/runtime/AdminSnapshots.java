package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.admin.Snapshots;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.console.Backends;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.dynamic.DynamicSnapshot;
import io.grpcweb.gateway.explain.Explainer;
import io.grpcweb.gateway.explain.FilterTrial;
import io.grpcweb.gateway.source.ReloadStats;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the admin pages show of the running gateway. */
final class AdminSnapshots implements Snapshots {
    private final Supplier<GatewayConfig> config;
    private final ClusterManager clusters;
    private final Listeners listeners;
    private final CertificateInventory certificates;
    private final ReloadStats reloads;
    private final Supplier<DynamicSnapshot> dynamic;
    private final BooleanSupplier started;
    private final FilterTrial trial;
    private final Supplier<Backends> backends;

    /**
     * Of a gateway.
     *
     * @param started whether all clusters have been ready once
     * @param trial what its filters do to a call
     * @param backends what the console may show and call
     */
    AdminSnapshots(
            Supplier<GatewayConfig> config,
            ClusterManager clusters,
            Listeners listeners,
            CertificateInventory certificates,
            ReloadStats reloads,
            Supplier<DynamicSnapshot> dynamic,
            BooleanSupplier started,
            FilterTrial trial,
            Supplier<Backends> backends) {
        this.backends = backends;
        this.trial = trial;
        this.reloads = reloads;
        this.dynamic = dynamic;
        this.started = started;
        this.config = config;
        this.clusters = clusters;
        this.listeners = listeners;
        this.certificates = certificates;
    }

    @Override
    public GatewayConfig config() {
        return config.get();
    }

    @Override
    public Instant configuredAt() {
        return reloads.lastSuccess();
    }

    @Override
    public Optional<FailedReload> failedReload() {
        return reloads.lastFailure().map(failed -> new FailedReload(failed.text(), failed.when()));
    }

    @Override
    public Backends backends() {
        return backends.get();
    }

    @Override
    public List<ClusterStatus> clusters() {
        Set<String> configured =
                config.get().clusters().stream().map(ClusterConfig::name).collect(Collectors.toSet());
        // At the start Envoy shows them before they are ready, later only then.
        return (started.getAsBoolean() ? clusters.all() : clusters.allAndFirst())
                .stream()
                        .map(cluster -> new ClusterStatus(
                                cluster.config(),
                                !configured.contains(cluster.config().name()),
                                cluster.allHosts().stream()
                                        .map(AdminSnapshots::host)
                                        .toList()))
                        .toList();
    }

    private static HostStatus host(Host host) {
        return new HostStatus(
                host.address(),
                host.givenName(),
                host.healthFlags(),
                host.weight(),
                host.region(),
                host.zone(),
                host.subZone(),
                host.priority(),
                host.successRate(),
                host.activeConnections(),
                host.connectFailures(),
                host.connections(),
                host.activeRequests(),
                host.requestsFailed(),
                host.requestsSucceeded(),
                host.requestsTimedOut(),
                host.requests());
    }

    @Override
    public List<ListenerStatus> listeners() {
        List<ListenerStatus> found = new ArrayList<>();
        listeners.all().stream()
                .filter(Listener::isBound)
                .forEach(listener ->
                        found.add(new ListenerStatus(listener.config().name(), listener.localAddress())));
        dynamic.get().opening().forEach((name, address) -> found.add(new ListenerStatus(name, address(address))));
        return found;
    }

    private static SocketAddress address(Endpoint endpoint) {
        return endpoint.isPipe()
                ? new DomainSocketAddress(endpoint.host())
                : new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    @Override
    public List<CertificateStatus> certificates() {
        return certificates.all();
    }

    @Override
    public DynamicSnapshot dynamic() {
        return dynamic.get();
    }

    @Override
    public Explainer explainer() {
        return new Explainer(
                listeners.all().stream().map(Listener::config).toList(),
                clusters.all().stream().map(this::withEndpoints).toList(),
                new ResourcePlaces(dynamic.get()),
                trial);
    }

    private ClusterConfig withEndpoints(Cluster cluster) {
        ClusterConfig own = cluster.config();
        return own.discovery().source().isEmpty()
                ? own
                : clusters.assignments()
                        .known(own.discovery().service())
                        .map(own::with)
                        .orElse(own);
    }
}
