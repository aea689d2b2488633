package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.Assignment;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Turns the endpoints of an assignment into addresses and keeps them up to date: STATIC and EDS, STRICT_DNS (every address of
 * a name is an endpoint), LOGICAL_DNS (all of them are one), and SRV names. Another assignment may follow at any time: names
 * that stay are not asked for again, and new ones are resolved first, so that the old endpoints serve until then. Confined to
 * its loop.
 */
public final class Discovery implements AutoCloseable {
    private final ClusterConfig config;
    private final EventLoop loop;
    private final DnsClient client;
    private final ClusterStats stats;
    private final Consumer<List<Found>> listener;
    private Step inForce = new Step(List.of(), () -> {});
    /** What waits for the first answers to its names, or null. */
    private Step next;

    /** An endpoint: its addresses, at least one, and what is said of it and of its locality (without the endpoints of that). */
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

    /**
     * Takes the endpoints of an assignment in the place of those before.
     *
     * @param ready runs once, when they are in force and each of their names has been resolved or has failed, or when yet another
     *     assignment comes first
     */
    public void take(Assignment assignment, Runnable ready) {
        Step step = new Step(entries(assignment), ready);
        if (next != null) {
            next.closeBut(List.of(inForce, step));
            next.tellReady();
        }
        next = step;
        if (step.isAsked() || inForce.entries.isEmpty()) {
            enforce();
        }
        if (step.isAsked()) {
            step.tellReady();
        }
        List.copyOf(step.names).forEach(Entry::ask);
    }

    private void enforce() {
        Step old = inForce;
        inForce = next;
        next = null;
        old.closeBut(List.of(inForce));
        publish();
        old.tellReady();
    }

    private List<Entry> entries(Assignment assignment) {
        Map<Named, Entry> names = new HashMap<>();
        inForce.names.forEach(entry -> names.put(entry.named, entry));
        if (next != null) {
            next.names.forEach(entry -> names.putIfAbsent(entry.named, entry));
        }
        List<Entry> old = inForce.entries;
        List<Entry> entries = new ArrayList<>();
        for (ClusterConfig.Locality locality : assignment.localities()) {
            ClusterConfig.Locality place = locality.at(locality.priority());
            for (ClusterConfig.Host host : locality.hosts()) {
                Named named = new Named(place, host);
                Entry same = names.isEmpty() ? null : names.remove(named);
                if (same == null && entries.size() < old.size()) {
                    // Most lists differ little from the one before.
                    Entry before = old.get(entries.size());
                    same = before.watch.isEmpty() && before.named.equals(named) ? before : null;
                }
                entries.add(same == null ? new Entry(named) : same);
            }
        }
        return entries;
    }

    private void publish() {
        List<Found> found = new ArrayList<>(inForce.entries.size());
        inForce.entries.forEach(one -> found.addAll(one.found()));
        listener.accept(config.discovery().type() == ClusterConfig.Discovery.Type.EDS ? once(found) : found);
    }

    /** The first endpoint of each address: control planes may name one twice, as in Envoy it counts once. */
    private static List<Found> once(List<Found> found) {
        Set<SocketAddress> addresses = new HashSet<>(found.size() * 2);
        found.removeIf(one -> !addresses.add(one.addresses().get(0)));
        return found;
    }

    private void changed(Entry entry) {
        if (inForce.names.contains(entry)) {
            publish();
        }
    }

    private void asked() {
        Step step = next == null ? inForce : next;
        if (step.isAsked()) {
            if (step == next) {
                enforce();
            }
            step.tellReady();
        }
    }

    @Override
    public void close() {
        inForce.closeBut(List.of());
        if (next != null) {
            next.closeBut(List.of());
        }
    }

    /** An endpoint of an assignment; two that are equal share the answers to their name. */
    private record Named(ClusterConfig.Locality place, ClusterConfig.Host host) {}

    /** The endpoints of one assignment, in its order. */
    private static final class Step {
        private final List<Entry> entries;
        /** Those that have a name. */
        private final Set<Entry> names = new LinkedHashSet<>();

        private Runnable ready;

        Step(List<Entry> entries, Runnable ready) {
            this.entries = entries;
            this.ready = ready;
            entries.stream().filter(entry -> entry.watch.isPresent()).forEach(names::add);
        }

        /** Whether each name has been resolved or has failed. */
        boolean isAsked() {
            return names.stream().allMatch(entry -> entry.asked);
        }

        void tellReady() {
            Runnable told = ready;
            ready = () -> {};
            told.run();
        }

        /** Ends the watches of names that none of the others has. */
        void closeBut(List<Step> others) {
            for (Entry entry : names) {
                if (others.stream().noneMatch(step -> step.names.contains(entry))) {
                    entry.watch.ifPresent(NameWatch::close);
                }
            }
        }
    }

    /** One endpoint of an assignment: addresses, or a name. */
    private final class Entry implements NameWatch.Listener {
        private final Named named;
        private final List<Found> fixed;
        private final Optional<NameWatch> watch;
        private boolean begun;
        private boolean asked;

        Entry(Named named) {
            this.named = named;
            ClusterConfig.Host host = named.host();
            List<SocketAddress> known = host.additional().isEmpty()
                    ? literal(host.address()).map(List::of).orElse(List.of())
                    : Stream.concat(Stream.of(host.address()), host.additional().stream())
                            .flatMap(one -> literal(one).stream())
                            .toList();
            fixed = known.isEmpty() ? List.of() : List.of(new Found(named.place(), host, known));
            watch = known.isEmpty()
                    ? Optional.of(new NameWatch(config, host.address(), lookup(named.place(), host), loop, stats, this))
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

        /** Begins to ask for its name, once. */
        void ask() {
            if (!begun) {
                begun = true;
                watch.ifPresent(NameWatch::resolve);
            }
        }

        @Override
        public void changed() {
            Discovery.this.changed(this);
        }

        @Override
        public void asked() {
            if (!asked) {
                asked = true;
                Discovery.this.asked();
            }
        }
    }

    /** The address where it needs no resolution. */
    static Optional<SocketAddress> literal(Endpoint endpoint) {
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
