package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.stats.ClusterStats;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Turns the endpoints of a configuration into addresses and keeps them up to date: STATIC, STRICT_DNS (every address of
 * a name is an endpoint), LOGICAL_DNS (all of them are one), and SRV names. Confined to its loop.
 */
public final class Discovery implements AutoCloseable {
    private final ClusterConfig config;
    private final EventLoop loop;
    private final DnsClient client;
    private final ClusterStats stats;
    private final Consumer<List<Found>> listener;
    /** In the order of the configuration; a list that does not change, or a name. */
    private final List<Entry> entries = new ArrayList<>();

    private Runnable ready;
    private int waiting;

    /** An endpoint: its addresses, at least one, and the configuration that they come from. */
    public record Found(ClusterConfig.Locality place, ClusterConfig.Host host, List<SocketAddress> addresses) {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** @param listener is given all endpoints whenever any of them may have changed */
    public Discovery(ClusterConfig config, EventLoop loop, ClusterStats stats, Consumer<List<Found>> listener) {
        this.config = config;
        this.loop = loop;
        this.client = new DnsClient(loop, config.discovery().resolver());
        this.stats = stats;
        this.listener = listener;
    }

    /** {@code whenReady} runs once, when each name has been resolved or has failed for the first time. */
    public void start(Runnable whenReady) {
        ready = whenReady;
        for (ClusterConfig.Locality place : config.localities()) {
            place.hosts().forEach(host -> entries.add(new Entry(place, host)));
        }
        List<NameWatch> names =
                entries.stream().flatMap(one -> one.watch.stream()).toList();
        waiting = names.size();
        if (names.isEmpty()) {
            publish();
            ready.run();
        } else {
            names.forEach(NameWatch::resolve);
        }
    }

    private void publish() {
        listener.accept(entries.stream().flatMap(one -> one.found().stream()).toList());
    }

    @Override
    public void close() {
        entries.forEach(one -> one.watch.ifPresent(NameWatch::close));
    }

    /** One endpoint of the configuration: addresses, or a name. */
    private final class Entry implements NameWatch.Listener {
        private final List<Found> fixed;
        private final Optional<NameWatch> watch;
        private boolean askedBefore;

        Entry(ClusterConfig.Locality place, ClusterConfig.Host host) {
            List<SocketAddress> known = Stream.concat(Stream.of(host.address()), host.additional().stream())
                    .flatMap(one -> literal(one).stream())
                    .toList();
            fixed = known.isEmpty() ? List.of() : List.of(new Found(place, host, known));
            watch = known.isEmpty()
                    ? Optional.of(new NameWatch(config, host.address(), lookup(place, host), loop, stats, this))
                    : Optional.empty();
        }

        private EndpointLookup lookup(ClusterConfig.Locality place, ClusterConfig.Host host) {
            return host.address().isSrv()
                    ? new SrvEndpoints(place, host, config.discovery(), client)
                    : new NamedEndpoints(place, host, config.discovery(), client);
        }

        List<Found> found() {
            return watch.map(NameWatch::found).orElse(fixed);
        }

        @Override
        public void changed() {
            publish();
        }

        @Override
        public void asked() {
            if (!askedBefore) {
                askedBefore = true;
                if (--waiting == 0) {
                    ready.run();
                }
            }
        }
    }

    /** The address where it needs no resolution. */
    private static Optional<SocketAddress> literal(Endpoint endpoint) {
        if (endpoint.isPipe()) {
            return Optional.of(new DomainSocketAddress(endpoint.host()));
        }
        if (endpoint.isLocal()) {
            return Optional.of(new LocalAddress(endpoint.host()));
        }
        return endpoint.isSrv()
                ? Optional.empty()
                : Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(endpoint.host()))
                        .map(address -> new InetSocketAddress(address, endpoint.port()));
    }
}
