package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.stats.ClusterStats;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the endpoints of a configuration into addresses and keeps them up to date: STATIC, STRICT_DNS (every address of
 * a name is an endpoint) and LOGICAL_DNS (all of them are one). Names are asked for again after the refresh interval or, where
 * the cluster says so, after the lifetime of their records. Where a name cannot be resolved, whatever the reason, its
 * last addresses stay (Envoy drops them when the name is said not to exist). Confined to its loop.
 */
final class Discovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private final ClusterConfig config;
    private final EventLoop loop;
    private final Supplier<DnsServerAddressStreamProvider> servers;
    private final ClusterStats stats;
    private final Consumer<List<Found>> listener;
    private final List<Source> sources = new ArrayList<>();
    private Runnable ready;
    private int waiting;
    private boolean closed;

    /** An endpoint: its addresses, at least one, and the configuration that they come from. */
    record Found(ClusterConfig.Locality place, ClusterConfig.Host host, List<SocketAddress> addresses) {
        Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** @param listener is given all addresses whenever any of them may have changed */
    Discovery(
            ClusterConfig config,
            EventLoop loop,
            Supplier<DnsServerAddressStreamProvider> servers,
            ClusterStats stats,
            Consumer<List<Found>> listener) {
        this.config = config;
        this.loop = loop;
        this.servers = servers;
        this.stats = stats;
        this.listener = listener;
    }

    /** {@code whenReady} runs once, when each name has been resolved or has failed for the first time. */
    void start(Runnable whenReady) {
        ready = whenReady;
        for (ClusterConfig.Locality place : config.localities()) {
            place.hosts().forEach(host -> sources.add(new Source(place, host)));
        }
        List<Source> names = sources.stream().filter(Source::isName).toList();
        waiting = names.size();
        if (names.isEmpty()) {
            publish();
            ready.run();
        } else {
            names.forEach(Source::resolve);
        }
    }

    private void publish() {
        List<Found> all = new ArrayList<>();
        sources.forEach(source -> source.addTo(all));
        listener.accept(all);
    }

    private void answered(boolean firstTime) {
        if (firstTime && --waiting == 0) {
            ready.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        sources.forEach(Source::close);
    }

    /** One endpoint of the configuration. */
    private final class Source {
        private final ClusterConfig.Locality place;
        private final ClusterConfig.Host host;
        private final DnsLookup lookup;
        private List<SocketAddress> addresses;
        private boolean askedBefore;
        private boolean failing;

        Source(ClusterConfig.Locality place, ClusterConfig.Host host) {
            this.place = place;
            this.host = host;
            addresses = Stream.concat(Stream.of(host.address()), host.additional().stream())
                    .flatMap(one -> literal(one).stream())
                    .toList();
            lookup = !addresses.isEmpty()
                    ? null
                    : new DnsLookup(host.address().host(), config.discovery().family(), loop, servers.get());
        }

        void addTo(List<Found> all) {
            if (logical() || !isName()) {
                if (!addresses.isEmpty()) {
                    all.add(new Found(place, host, addresses));
                }
            } else {
                addresses.forEach(address -> all.add(new Found(place, host, List.of(address))));
            }
        }

        private boolean logical() {
            return config.discovery().type() == ClusterConfig.Discovery.Type.LOGICAL_DNS;
        }

        boolean isName() {
            return lookup != null;
        }

        void resolve() {
            if (closed) {
                return;
            }
            stats.updateAttempt.increment();
            lookup.resolve((answer, reason) -> {
                if (closed) {
                    return;
                }
                boolean firstTime = !askedBefore;
                askedBefore = true;
                Duration next = config.discovery().refresh();
                if (answer == null) {
                    stats.updateFailure.increment();
                    failed(reason);
                } else {
                    stats.updateSuccess.increment();
                    found(answer);
                    if (config.discovery().respectTtl() && !answer.ttl().isZero()) {
                        next = answer.ttl();
                    }
                }
                answered(firstTime);
                loop.schedule(this::resolve, next.toNanos(), TimeUnit.NANOSECONDS);
            });
        }

        private void found(DnsLookup.Answer answer) {
            if (failing) {
                failing = false;
                LOG.info("cluster {}: {} can be resolved again", config.name(), host.address());
            }
            List<SocketAddress> fresh = new ArrayList<>();
            for (InetAddress address : answer.addresses()) {
                fresh.add(new InetSocketAddress(address, host.address().port()));
            }
            // Servers turn the order of their answers round: that alone is no change, except of the addresses of one
            // endpoint.
            boolean same = fresh.size() == addresses.size() && new HashSet<>(fresh).containsAll(addresses);
            if (logical() ? !fresh.equals(addresses) : !same) {
                LOG.debug("cluster {}: {} is {}", config.name(), host.address(), fresh);
                addresses = fresh;
                publish();
            } else {
                stats.updateNoRebuild.increment();
            }
        }

        private void failed(Throwable reason) {
            if (!failing) {
                failing = true;
                LOG.warn(
                        "cluster {}: {} cannot be resolved, {} addresses stay: {}",
                        config.name(),
                        host.address(),
                        addresses.size(),
                        reason.getMessage());
            }
        }

        void close() {
            if (lookup != null) {
                lookup.close();
            }
        }
    }

    /** The address where it needs no resolution. */
    private static Optional<SocketAddress> literal(Endpoint endpoint) {
        if (endpoint.isPipe()) {
            return Optional.of(new DomainSocketAddress(endpoint.host()));
        }
        return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(endpoint.host()))
                .map(address -> new InetSocketAddress(address, endpoint.port()));
    }
}
