package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.ResourceReader;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.dynamic.DynamicResources;
import io.grpcweb.gateway.dynamic.DynamicSnapshot;
import io.grpcweb.gateway.dynamic.ListenerSet;
import io.grpcweb.gateway.dynamic.Phase;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.source.xds.NodeMessage;
import io.grpcweb.gateway.source.xds.ResourceFiles;
import io.grpcweb.gateway.source.xds.SeriesNames;
import io.grpcweb.gateway.source.xds.SourceException;
import io.grpcweb.gateway.source.xds.Sources;
import io.grpcweb.gateway.source.xds.channel.GrpcStreams;
import io.grpcweb.gateway.source.xds.channel.LoopTimers;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.pool.ClusterCalls;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires what comes from elsewhere to the gateway that it changes. It has an event loop of its own, apart from those that serve. */
final class Elsewhere implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);

    /** How long a page waits for what the loop has. */
    private static final long PATIENCE_SECONDS = 10;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final GrpcStreams streams;
    private final DynamicResources resources;
    private final List<ClusterConfig> clusters;
    private final List<ListenerConfig> listeners;

    /**
     * What the gateway gives.
     *
     * @param workers the event loops that serve
     * @param phases told how far the start has come, on the loop here
     */
    record Gives(
            EventLoopGroup workers,
            Stats stats,
            FileWatch files,
            ClusterManager clusters,
            ListenerSet listeners,
            Consumer<Phase> phases) {}

    /** Nothing happens before {@link #start}. */
    Elsewhere(GatewayConfig config, Gives gives) {
        this.group = Transport.groupLike(gives.workers, "xds");
        this.loop = group.next();
        LoopTimers timers = new LoopTimers(loop);
        ResourceReader reader = config.dynamic().reader().orElseThrow();
        this.clusters =
                config.clusters().stream().filter(one -> !one.isComplete()).toList();
        this.listeners =
                config.listeners().stream().filter(one -> !one.isComplete()).toList();
        this.streams = new GrpcStreams(
                loop,
                name -> config.clusters().stream()
                        .filter(cluster -> cluster.name().equals(name))
                        .findFirst()
                        .orElseThrow(),
                gives.files);
        Sources sources = new Sources(
                new Sources.Parts(
                        timers,
                        streams,
                        NodeMessage.of(config.node(), config.dynamic().node()),
                        new SeriesNames(gives.stats),
                        new PlaneQuestions(gives.workers, new ClusterCalls(gives.clusters), timers),
                        (name, text, type) -> read(reader, name, text, type)),
                config.dynamic().aggregated());
        this.resources = new DynamicResources(
                config.dynamic(),
                sources,
                reader,
                timers,
                new DynamicResources.Targets(gives.clusters, gives.listeners, gives.files.secrets()),
                config.clusters().stream().map(ClusterConfig::name).collect(Collectors.toSet()),
                gives.phases);
        gives.stats.server().dynamicUnknownFields(reader::unknownFields);
        gives.stats.listenerManager().totalListenersWarming.follow(resources::warmingListeners);
    }

    private static ResourceFiles.Text read(ResourceReader reader, String name, byte[] text, ResourceType type)
            throws SourceException {
        try {
            ResourceReader.Text read = reader.text(name, text, type);
            return new ResourceFiles.Text(read.version(), read.resources());
        } catch (ConfigException e) {
            throw new SourceException(e.getMessage());
        }
    }

    /**
     * Begins.
     *
     * @throws IOException says what of the configuration cannot be used
     */
    void start() throws IOException, InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                resources.start(clusters, listeners);
                done.complete(null);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** What the pages show. */
    DynamicSnapshot snapshot() {
        CompletableFuture<DynamicSnapshot> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(resources.snapshot());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DynamicSnapshot.NONE;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("what has come from elsewhere cannot be shown", e);
            return DynamicSnapshot.NONE;
        }
    }

    @Override
    public void close() {
        loop.execute(() -> {
            resources.close();
            streams.close();
        });
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
