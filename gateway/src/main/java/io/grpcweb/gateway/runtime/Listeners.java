package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.downstream.FewestConnections;
import io.grpcweb.gateway.downstream.FreeAddress;
import io.grpcweb.gateway.downstream.HttpServices;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.downstream.ListenerChange;
import io.grpcweb.gateway.downstream.ListenerPipeline;
import io.grpcweb.gateway.downstream.RetiredChain;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.process.PassedSockets;
import io.grpcweb.gateway.stats.ListenerManagerStats;
import io.grpcweb.gateway.stats.Stats;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners that are open. Those of the configuration are told apart by their addresses, those that come from elsewhere by
 * their names; whatever else changes, they go on.
 */
final class Listeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final Stats stats;
    private final FileWatch files;
    private final Load load;
    private final PassedSockets passed;
    private final AtomicLong connectionIds = new AtomicLong();
    private final List<Listener> all = new CopyOnWriteArrayList<>();
    private final Map<String, Listener> fromElsewhere = new ConcurrentHashMap<>();
    private final List<Closed> closed = new CopyOnWriteArrayList<>();
    private final Supplier<Duration> drainTime;

    /** A listener that is gone and drains. */
    private record Closed(Listener listener, long untilNanos) {}

    /**
     * Without listeners.
     *
     * @param load how short the process runs
     * @param passed sockets that listeners take, where their addresses are equal
     * @param drainTime how long one that is gone drains
     */
    Listeners(
            EventLoopGroup acceptor,
            EventLoopGroup workers,
            Stats stats,
            FileWatch files,
            Load load,
            PassedSockets passed,
            Supplier<Duration> drainTime) {
        this.load = load;
        this.passed = passed;
        this.drainTime = drainTime;
        this.acceptor = acceptor;
        this.workers = new FewestConnections(workers);
        this.stats = stats;
        this.files = files;
        stats.listenerManager().totalListenersActive.follow(() -> count(Listener::isOpen));
        stats.listenerManager()
                .totalListenersDraining
                .follow(() -> count(listener -> listener.isBound()
                                && !listener.isOpen()
                                && listener.drain().connections() > 0)
                        + draining().size());
        stats.server().totalConnections.follow(() -> Stream.concat(all.stream(), draining().stream())
                .mapToLong(listener -> listener.drain().connections())
                .sum());
    }

    /** Those that are gone, until their drain time is over and their connections are closed; any thread. */
    List<Listener> draining() {
        closed.removeIf(one ->
                System.nanoTime() - one.untilNanos > 0 && one.listener.drain().connections() == 0);
        return closed.stream().map(Closed::listener).toList();
    }

    private long count(Predicate<Listener> which) {
        return all.stream().filter(which).count();
    }

    /** The listeners in force, in the order of the configuration; any thread, and always the present ones. */
    List<Listener> all() {
        return all;
    }

    List<SocketAddress> addresses() {
        return all.stream().map(Listener::localAddress).toList();
    }

    /**
     * Prepares the listeners of another configuration.
     *
     * @param anew whether no filter chain may go on
     * @throws IOException names every file that cannot be used; then nothing has changed
     */
    Step prepare(GatewayConfig next, HttpServices services, boolean anew) throws IOException {
        List<Listener> left = new ArrayList<>(all);
        left.removeAll(fromElsewhere.values());
        List<Planned> planned = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (ListenerConfig config : next.listeners()) {
            Optional<Listener> before =
                    left.stream().filter(one -> isSame(one.config(), config)).findFirst();
            before.ifPresent(left::remove);
            try {
                planned.add(plan(before, config, services, anew));
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            planned.forEach(one -> one.change.abandon());
            throw new IOException(String.join("\n", problems));
        }
        return new Step(planned, left);
    }

    /**
     * Prepares one listener that comes from elsewhere, new or changed.
     *
     * @throws IOException says what cannot be used; then nothing has changed
     */
    Step prepare(ListenerConfig next, HttpServices services) throws IOException {
        Listener before = fromElsewhere.get(next.name());
        boolean goesOn = before != null && isSame(before.config(), next);
        Planned planned = plan(goesOn ? Optional.of(before) : Optional.empty(), next, services, false);
        return new Step(List.of(planned), before == null || goesOn ? List.of() : List.of(before));
    }

    /**
     * Looks whether an address can be listened on.
     *
     * @throws IOException says why it cannot
     */
    void requireFree(ListenerConfig next) throws IOException {
        if (passed.has(next.address())) {
            return;
        }
        try {
            FreeAddress.require(next.address());
        } catch (IOException e) {
            stats.listenerManager().listenerCreateFailure.increment();
            throw e;
        }
    }

    /** Prepares the step to be without a listener that came from elsewhere. */
    Step without(String name, HttpServices services) {
        Listener gone = fromElsewhere.remove(name);
        return new Step(List.of(), gone == null ? List.of() : List.of(gone));
    }

    private Planned plan(Optional<Listener> before, ListenerConfig config, HttpServices services, boolean anew)
            throws IOException {
        ListenerPipeline pipeline = before.isPresent()
                ? before.get().pipeline()
                : new ListenerPipeline(workers, connectionIds, files, load);
        ListenerChange change = pipeline.prepare(config, stats.listener(statName(config)), services, anew);
        boolean equal = before.isPresent() && before.get().config().equals(config);
        return new Planned(
                before.orElseGet(() -> new Listener(config, acceptor, workers, pipeline)),
                config,
                change,
                before.isEmpty(),
                !equal || anew);
    }

    private record Planned(
            Listener listener, ListenerConfig config, ListenerChange change, boolean fresh, boolean changed) {}

    /** A port that the system chooses says nothing, so there the name counts. */
    private static boolean isSame(ListenerConfig one, ListenerConfig other) {
        boolean chosen = !one.address().isPipe() && one.address().port() == 0;
        return one.address().equals(other.address()) && (!chosen || one.name().equals(other.name()));
    }

    /** Envoy's name of a listener in series. */
    private static String statName(ListenerConfig listener) {
        return listener.statPrefix()
                .orElseGet(() ->
                        listener.address().host() + "_" + listener.address().port());
    }

    /** Shows when the certificates end; where one cannot be read, what was shown before stays. */
    void showCertificates() {
        for (Listener listener : all) {
            try {
                CertificateInventory.show(listener.config(), stats.listener(statName(listener.config())));
            } catch (IOException e) {
                LOG.warn("the expiry of the old certificates stays: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        all.forEach(Listener::close);
    }

    /** Closes all connections, also those of listeners that are gone. */
    void abort() {
        all.forEach(listener -> listener.drain().abort());
        closed.forEach(one -> one.listener().drain().abort());
    }

    /** A step from some listeners to others. */
    final class Step {
        private final List<Planned> planned;
        private final List<Listener> gone;

        private Step(List<Planned> planned, List<Listener> gone) {
            this.planned = planned;
            this.gone = gone;
        }

        /**
         * Opens the new addresses.
         *
         * @throws IOException names every one that cannot be listened on; those that could are closed again
         */
        void bind() throws IOException, InterruptedException {
            List<String> problems = new ArrayList<>();
            for (Planned one : planned) {
                if (!one.fresh) {
                    continue;
                }
                // Its connections are served from the first one on.
                one.change.commit();
                try {
                    one.listener.bind(passed.take(one.config.address()));
                    LOG.info("listener {} on {}", one.config.name(), one.listener.localAddress());
                } catch (IOException e) {
                    stats.listenerManager().listenerCreateFailure.increment();
                    problems.add(e.getMessage());
                }
            }
            if (!problems.isEmpty()) {
                planned.stream().filter(Planned::fresh).forEach(one -> one.listener.close());
                throw new IOException(String.join("\n", problems));
            }
        }

        /** Puts all in force; returns what is to drain. */
        List<RetiredChain> commit() {
            ListenerManagerStats counters = stats.listenerManager();
            List<RetiredChain> retired = new ArrayList<>();
            List<Listener> next = new ArrayList<>();
            for (Planned one : planned) {
                String before = one.fresh ? null : statName(one.listener.config());
                next.add(one.listener);
                if (one.fresh) {
                    if (fromElsewhere.containsKey(one.config.name())) {
                        counters.listenerModified.increment();
                    } else {
                        counters.listenerAdded.increment();
                    }
                    counters.listenerCreateSuccess.increment();
                    one.listener.whenClosed(counters.listenerStopped::increment);
                } else if (one.changed) {
                    counters.listenerModified.increment();
                    counters.listenerInPlaceUpdated.increment();
                    one.change.commit();
                    retired.addAll(one.change.gone());
                    if (!before.equals(statName(one.config))) {
                        stats.releaseListener(before);
                    }
                }
            }
            all.addAll(next.stream().filter(one -> !all.contains(one)).toList());
            all.removeAll(gone);
            for (Listener one : gone) {
                one.close();
                closed.add(new Closed(one, System.nanoTime() + drainTime.get().toNanos()));
                retired.addAll(one.pipeline().retire());
                if (next.stream().noneMatch(other -> statName(other.config()).equals(statName(one.config())))) {
                    stats.releaseListener(statName(one.config()));
                }
                LOG.info("listener {} on {} is closed", one.config().name(), one.localAddress());
            }
            counters.listenerRemoved.add(Math.max(0, gone.size() - replaced()));
            return retired;
        }

        /** How many of those that are gone have one of their names in their places. */
        private int replaced() {
            return (int) gone.stream()
                    .filter(one -> planned.stream()
                            .anyMatch(next -> next.fresh
                                    && fromElsewhere.containsKey(one.config().name())
                                    && next.config.name().equals(one.config().name())))
                    .count();
        }

        /** Puts one that comes from elsewhere in force; returns what is to drain. */
        List<RetiredChain> commitFromElsewhere() {
            List<RetiredChain> retired = commit();
            planned.forEach(one -> fromElsewhere.put(one.config.name(), one.listener));
            return retired;
        }

        /** Puts other routes in force, which no series counts. */
        void reroute() {
            planned.forEach(one -> one.change.commit());
        }

        /** Gives it up. */
        void abandon() {
            planned.stream().filter(one -> one.fresh || one.changed).forEach(one -> one.change.abandon());
        }
    }
}
