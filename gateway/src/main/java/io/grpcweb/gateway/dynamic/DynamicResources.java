package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.DynamicConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.ResourceReader;
import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.net.SecretStore;
import io.grpcweb.gateway.source.xds.Receiver;
import io.grpcweb.gateway.source.xds.SourceException;
import io.grpcweb.gateway.source.xds.Sources;
import io.grpcweb.gateway.source.xds.Timers;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that comes from elsewhere while the gateway serves, and the order in which it is waited for at the start: clusters with all
 * that they need, then listeners with all that they need, then ports open. On the thread of the sources.
 */
public final class DynamicResources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicResources.class);

    private final DynamicConfig config;
    private final Parts parts;
    private final DynamicClusters clusters;
    private final DynamicListeners listeners;
    private final Consumer<Phase> phases;
    private Phase phase = Phase.CLUSTERS;
    private boolean begun;
    private boolean asked;
    private boolean looking;

    /**
     * Where resources go to.
     *
     * @param clusters all clusters
     * @param listeners all listeners
     * @param secrets what TLS is made of
     */
    public record Targets(ClusterManager clusters, ListenerSet listeners, SecretStore secrets) {}

    /**
     * Wants nothing yet.
     *
     * @param configured the names of the clusters of the configuration
     * @param phases told of each phase when it begins, but the first
     */
    public DynamicResources(
            DynamicConfig config,
            Sources sources,
            ResourceReader reader,
            Timers timers,
            Targets targets,
            Set<String> configured,
            Consumer<Phase> phases) {
        this.config = config;
        this.phases = phases;
        this.parts = new Parts(sources, reader, timers, targets.clusters(), targets.secrets());
        this.clusters = new DynamicClusters(parts, configured, this::lookLater);
        this.listeners = new DynamicListeners(parts, targets.listeners(), this::lookLater);
    }

    /**
     * Begins with the clusters; when they are warm, it goes on with the listeners.
     *
     * @param ownClusters those of the configuration that need something from elsewhere
     * @param ownListeners the same of the listeners
     * @throws IOException says what cannot be used of the configuration
     */
    public void start(List<ClusterConfig> ownClusters, List<ListenerConfig> ownListeners) throws IOException {
        LOG.info("cm init: initializing cds");
        try {
            for (ClusterConfig cluster : ownClusters) {
                clusters.addConfigured(cluster);
            }
            for (ListenerConfig listener : ownListeners) {
                listeners.addConfigured(listener);
            }
        } catch (SourceException e) {
            throw new IOException(e.getMessage(), e);
        }
        begun = true;
        look();
    }

    /** After the answer that is being dealt with, which is acknowledged first. */
    private void lookLater() {
        if (begun && !looking && phase != Phase.LIVE) {
            looking = true;
            // Two turns: what is acknowledged leaves in the next one.
            parts.timers.next(() -> parts.timers.next(this::look));
        }
    }

    /** Goes on where what was waited for is there. */
    private void look() {
        looking = false;
        if (!asked && clusters.areWarm()) {
            // Those of the configuration are there: the control plane is one of them.
            asked = true;
            ask(config.clusters(), ResourceType.CLUSTER, clusters);
        }
        if (phase == Phase.CLUSTERS && clusters.isSettled() && clusters.areWarm()) {
            LOG.info("all clusters initialized. initializing init manager");
            enter(Phase.LISTENERS);
            ask(config.listeners(), ResourceType.LISTENER, listeners);
        }
        if (phase == Phase.LISTENERS && listeners.isSettled() && listeners.areWarm()) {
            LOG.info("all dependencies initialized. starting workers");
            listeners.open();
            enter(Phase.LIVE);
        }
    }

    private void ask(Optional<ResourceSource> source, ResourceType type, Receiver receiver) {
        try {
            if (source.isPresent()) {
                parts.sources.subscribe(source.get(), type, "", "", receiver);
                return;
            }
        } catch (SourceException e) {
            LOG.error("{}: {}", type.path(), e.getMessage());
        }
        receiver.settled();
    }

    private void enter(Phase next) {
        phase = next;
        phases.accept(next);
    }

    /** How many listeners wait for what they need; any thread. */
    public int warmingListeners() {
        return listeners.warmingCount();
    }

    /** What the pages show; on the thread of the sources. */
    public DynamicSnapshot snapshot() {
        return DynamicSnapshot.of(parts, clusters, listeners, phase);
    }

    @Override
    public void close() {
        parts.sources.close();
    }
}
