package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.console.Backends;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideStreams;
import io.grpcweb.gateway.schema.Described;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.pool.ClusterCalls;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What the console may show and call of a gateway. */
final class ReachableBackends implements Backends {
    private final ClusterManager clusters;
    private final Listeners listeners;
    private final EventLoopGroup workers;
    private final ClusterCalls calls;

    ReachableBackends(ClusterManager clusters, Listeners listeners, EventLoopGroup workers) {
        this.clusters = clusters;
        this.listeners = listeners;
        this.workers = workers;
        this.calls = new ClusterCalls(clusters);
    }

    @Override
    public List<Reachable> clusters() {
        return clusters.all().stream().map(ReachableBackends::reachable).toList();
    }

    private static Reachable reachable(Cluster cluster) {
        return new Reachable(
                cluster.config().name(),
                cluster.allHosts().stream()
                        .map(Host::address)
                        .map(ReachableBackends::text)
                        .toList(),
                cluster.config().tls().isPresent());
    }

    private static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            // One that listens on all addresses is reached on the one of this machine.
            String ip = inet.getAddress().isAnyLocalAddress()
                    ? "127.0.0.1"
                    : inet.getAddress().getHostAddress();
            return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + inet.getPort();
        }
        return address.toString();
    }

    @Override
    public List<String> listeners() {
        return listeners.all().stream()
                .filter(Listener::isBound)
                .map(ReachableBackends::url)
                .toList();
    }

    private static String url(Listener listener) {
        boolean tls = listener.config().chains().stream()
                .anyMatch(chain -> chain.tls().isPresent());
        return (tls ? "https://" : "http://") + text(listener.localAddress());
    }

    @Override
    public List<ProtoSchema> described() {
        Set<ProtoSchema> found = new LinkedHashSet<>();
        Consumer<FilterConfig> look = filter -> {
            if (filter instanceof Described settings) {
                settings.described().ifPresent(found::add);
            }
        };
        listeners.all().forEach(listener -> listener.config().httpChains().forEach(chain -> look(chain.http(), look)));
        return List.copyOf(found);
    }

    private static void look(HttpConfig http, Consumer<FilterConfig> look) {
        http.filters().forEach(look);
        http.routes().virtualHosts().forEach(host -> {
            host.filters().values().forEach(one -> replaced(one).ifPresent(look));
            host.routes().forEach(route -> route.filters().values().forEach(one -> replaced(one)
                    .ifPresent(look)));
        });
    }

    private static Optional<FilterConfig> replaced(FilterOverride override) {
        return override instanceof FilterOverride.Replaced replaced ? Optional.of(replaced.filter()) : Optional.empty();
    }

    @Override
    public EventExecutor loop() {
        return workers.next();
    }

    @Override
    public SideCalls questions() {
        return calls;
    }

    @Override
    public SideStreams calls() {
        return calls;
    }
}
