package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.downstream.HttpServices;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.downstream.ListenerChange;
import io.grpcweb.gateway.downstream.ListenerPipeline;
import io.grpcweb.gateway.downstream.RetiredChain;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.stats.ListenerManagerStats;
import io.grpcweb.gateway.stats.Stats;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners that are open. A listener is its address: whatever else changes, it goes on. */
final class Listeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final Stats stats;
    private final FileWatch files;
    private final AtomicLong connectionIds = new AtomicLong();
    private final List<Listener> all = new CopyOnWriteArrayList<>();

    Listeners(EventLoopGroup acceptor, EventLoopGroup workers, Stats stats, FileWatch files) {
        this.acceptor = acceptor;
        this.workers = workers;
        this.stats = stats;
        this.files = files;
        stats.listenerManager().totalListenersActive.follow(() -> count(Listener::isOpen));
        stats.listenerManager()
                .totalListenersDraining
                .follow(() -> count(listener -> listener.isBound()
                        && !listener.isOpen()
                        && listener.drain().connections() > 0));
        stats.server().totalConnections.follow(() -> all.stream()
                .mapToLong(listener -> listener.drain().connections())
                .sum());
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
        return new Step(planned, left, services);
    }

    private Planned plan(Optional<Listener> before, ListenerConfig config, HttpServices services, boolean anew)
            throws IOException {
        ListenerPipeline pipeline =
                before.isPresent() ? before.get().pipeline() : new ListenerPipeline(workers, connectionIds, files);
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

    /** A step from some listeners to others. */
    final class Step {
        private final List<Planned> planned;
        private final List<Listener> gone;
        private final HttpServices services;

        private Step(List<Planned> planned, List<Listener> gone, HttpServices services) {
            this.planned = planned;
            this.gone = gone;
            this.services = services;
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
                    one.listener.bind();
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
                    counters.listenerAdded.increment();
                    counters.listenerCreateSuccess.increment();
                    one.listener.whenClosed(counters.listenerStopped::increment);
                } else if (one.changed) {
                    counters.listenerModified.increment();
                    one.change.commit();
                    retired.addAll(one.change.gone());
                    if (!before.equals(statName(one.config))) {
                        stats.releaseListener(before);
                    }
                }
            }
            all.addAll(next.stream().filter(one -> !all.contains(one)).toList());
            all.removeIf(one -> !next.contains(one));
            for (Listener one : gone) {
                counters.listenerRemoved.increment();
                one.close();
                retired.addAll(one.pipeline().retire(services));
                stats.releaseListener(statName(one.config()));
                LOG.info("listener {} on {} is closed", one.config().name(), one.localAddress());
            }
            return retired;
        }

        /** Gives it up. */
        void abandon() {
            planned.stream().filter(one -> one.fresh || one.changed).forEach(one -> one.change.abandon());
        }
    }
}
