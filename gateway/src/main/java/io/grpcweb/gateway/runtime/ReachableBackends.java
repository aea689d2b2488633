package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.console.Backends;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.filter.recorder.RecordedCall;
import io.grpcweb.gateway.filter.recorder.RecordedCalls;
import io.grpcweb.gateway.filter.recorder.RecorderConfig;
import io.grpcweb.gateway.filter.reflection.ConfiguredDescriptors;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideStreams;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.pool.ClusterCalls;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.stream.Stream;

/** What the console may show and call of a gateway. */
final class ReachableBackends implements Backends {
    private final ClusterManager clusters;
    private final Listeners listeners;
    private final EventLoopGroup workers;
    private final RecordedCalls recorded;
    private final ClusterCalls calls;

    ReachableBackends(ClusterManager clusters, Listeners listeners, EventLoopGroup workers, RecordedCalls recorded) {
        this.clusters = clusters;
        this.listeners = listeners;
        this.workers = workers;
        this.recorded = recorded;
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

    private Stream<HttpConfig> chains() {
        return listeners.all().stream()
                .flatMap(listener -> listener.config().httpChains().stream())
                .map(ListenerConfig.FilterChain::http);
    }

    @Override
    public List<ProtoSchema> described() {
        return chains().flatMap(chain -> ConfiguredDescriptors.of(chain).stream())
                .distinct()
                .toList();
    }

    @Override
    public List<RecordedCall> recorded() {
        return recorded.latest(kept());
    }

    @Override
    public boolean records() {
        return kept() > 0;
    }

    /** How many calls the configuration in force keeps. */
    private int kept() {
        return chains().flatMap(chain -> chain.filters().stream())
                .filter(RecorderConfig.class::isInstance)
                .mapToInt(filter -> ((RecorderConfig) filter).calls())
                .max()
                .orElse(0);
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
