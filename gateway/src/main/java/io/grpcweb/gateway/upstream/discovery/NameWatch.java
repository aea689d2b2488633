package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.stats.ClusterStats;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the endpoints of one name again and again, after the refresh interval or, where the cluster says so, after the
 * lifetime of the records. Where a name cannot be resolved, whatever the reason, its last endpoints stay (Envoy drops
 * them when the name is said not to exist). Confined to its loop.
 */
final class NameWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NameWatch.class);

    private final ClusterConfig config;
    private final Endpoint name;
    private final EndpointLookup lookup;
    private final EventLoop loop;
    private final ClusterStats stats;
    private final Listener listener;
    private List<Discovery.Found> found = List.of();
    private boolean failing;
    private boolean closed;

    /** Is told how it goes. */
    interface Listener {
        /** There are other endpoints now. */
        void changed();

        /** The name has been resolved or has failed. */
        void asked();
    }

    NameWatch(
            ClusterConfig config,
            Endpoint name,
            EndpointLookup lookup,
            EventLoop loop,
            ClusterStats stats,
            Listener listener) {
        this.config = config;
        this.name = name;
        this.lookup = lookup;
        this.loop = loop;
        this.stats = stats;
        this.listener = listener;
    }

    List<Discovery.Found> found() {
        return found;
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
            Duration next = config.discovery().refresh();
            if (answer == null) {
                stats.updateFailure.increment();
                failed(reason);
            } else {
                stats.updateSuccess.increment();
                if (reason == null) {
                    worked();
                } else {
                    failed(reason);
                }
                take(answer.found());
                if (config.discovery().respectTtl() && !answer.ttl().isZero()) {
                    next = answer.ttl();
                }
            }
            listener.asked();
            loop.schedule(this::resolve, next.toNanos(), TimeUnit.NANOSECONDS);
        });
    }

    private void take(List<Discovery.Found> fresh) {
        // Servers turn the order of their responses round: that alone is no change.
        if (fresh.size() == found.size() && new HashSet<>(fresh).containsAll(found)) {
            stats.updateNoRebuild.increment();
            return;
        }
        found = fresh;
        LOG.debug("cluster {}: {} is {}", config.name(), name, fresh);
        listener.changed();
    }

    private void worked() {
        if (failing) {
            failing = false;
            LOG.info("cluster {}: {} can be resolved again", config.name(), name);
        }
    }

    private void failed(Throwable reason) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "cluster {}: {} cannot be resolved, {} endpoints stay: {}",
                    config.name(),
                    name,
                    found.size(),
                    reason.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        lookup.close();
    }
}
