package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.downstream.RetiredChain;
import io.grpcweb.gateway.filter.SharedParts;
import io.grpcweb.gateway.filter.Warming;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.upstream.pool.ClusterChange;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the parts of another configuration ready beside those in force, and then puts them in force in Envoy's order: clusters,
 * what filters fetch, listeners with their routes, and then old clusters go.
 */
final class Changes {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    /** How long clusters that are new or changed may take to warm while the gateway serves. */
    private static final Duration WARMING = Duration.ofSeconds(5);

    private final ClusterManager clusters;
    private final Listeners listeners;
    private final Telemetry telemetry;
    private final SharedParts shared;
    private final EventLoopGroup loops;
    private final boolean inProcess;

    /**
     * Of a gateway.
     *
     * @param shared what filters share; those that fetch something are among it
     * @param inProcess whether a program is around the gateway, which may serve calls itself
     */
    Changes(
            ClusterManager clusters,
            Listeners listeners,
            Telemetry telemetry,
            SharedParts shared,
            EventLoopGroup loops,
            boolean inProcess) {
        this.clusters = clusters;
        this.listeners = listeners;
        this.telemetry = telemetry;
        this.shared = shared;
        this.loops = loops;
        this.inProcess = inProcess;
    }

    /**
     * Makes all parts of a configuration ready. What needs something from elsewhere goes its own way.
     *
     * @param services what connections are served with
     * @param anew whether no filter chain may go on
     * @throws IOException names what cannot be read, of all parts at once; then nothing has changed
     */
    Change prepare(GatewayConfig next, FilterChains services, boolean anew) throws IOException {
        List<String> problems = new ArrayList<>();
        GatewayConfig own = next.with(
                next.listeners().stream().filter(ListenerConfig::isComplete).toList(),
                next.clusters().stream().filter(ClusterConfig::isComplete).toList());
        ClusterChange clusterChange = null;
        Listeners.Step listenerStep = null;
        if (!inProcess) {
            next.clusters().stream()
                    .filter(ClusterConfig::isLocal)
                    .forEach(
                            cluster -> problems.add(cluster.place().text() + ": an endpoint 'local:NAME' is a server in"
                                    + " the program around a gateway, and there is no program around this one"));
        }
        try {
            clusterChange = clusters.prepare(
                    own.clusters(),
                    next.clusters().stream().map(ClusterConfig::name).toList());
        } catch (IOException e) {
            problems.add(e.getMessage());
        }
        try {
            listenerStep = listeners.prepare(own, services, anew);
        } catch (IOException e) {
            problems.add(e.getMessage());
        }
        Change change = new Change(clusterChange, listenerStep);
        if (!problems.isEmpty()) {
            change.abandon();
            throw new IOException(String.join("\n", problems));
        }
        return change;
    }

    /**
     * Has filters fetch what they need, those that were made since the last time.
     *
     * @param ready runs once, on some thread
     */
    void warmFilters(Runnable ready) {
        shared.of(Warming.class, Warming::new).begin(loops.next(), ready);
    }

    /** What is ready beside what is in force; its steps are taken one after the other. */
    final class Change {
        private final ClusterChange clusterChange;
        private final Listeners.Step listenerStep;

        private Change(ClusterChange clusterChange, Listeners.Step listenerStep) {
            this.clusterChange = clusterChange;
            this.listenerStep = listenerStep;
        }

        private void abandon() {
            if (clusterChange != null) {
                clusterChange.abandon();
            }
            if (listenerStep != null) {
                listenerStep.abandon();
            }
        }

        /** Waits until every cluster is ready. */
        void warmClusters() throws InterruptedException {
            CountDownLatch ready = new CountDownLatch(1);
            clusterChange.warm(ready::countDown);
            ready.await();
        }

        /** Waits until every cluster is ready, for some seconds at most. */
        void warmClustersForAWhile() throws InterruptedException {
            inTime("clusters", clusterChange::warm);
        }

        /**
         * Opens the ports that are new: the last point at which a change may fail.
         *
         * @throws IOException names what cannot be bound; then nothing has changed
         */
        void bind() throws IOException, InterruptedException {
            try {
                listenerStep.bind();
            } catch (IOException e) {
                abandon();
                throw e;
            }
        }

        /** Puts new clusters in force, before the routes that name them, and has filters ask them. */
        void enforceClusters() throws InterruptedException {
            telemetry.clusters(clusterChange.names());
            if (!clusterChange.commit(WARMING)) {
                LOG.warn(
                        "some endpoints are not resolved after {} s, the old ones serve until they are",
                        WARMING.toSeconds());
            }
            inTime("filters", Changes.this::warmFilters);
        }

        /**
         * Puts new routes in force, and takes old clusters out after the routes that named them.
         *
         * @param retire lets the connections of filter chains that are gone drain
         */
        void enforceListeners(Consumer<List<RetiredChain>> retire) {
            retire.accept(listenerStep.commit());
            clusterChange.finish();
            telemetry.clusters(clusters.names());
            listeners.showCertificates();
        }

        private void inTime(String what, Consumer<Runnable> warm) throws InterruptedException {
            CountDownLatch ready = new CountDownLatch(1);
            warm.accept(ready::countDown);
            if (!ready.await(WARMING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "some {} are not ready after {} s and are put in force all the same",
                        what,
                        WARMING.toSeconds());
            }
        }
    }
}
