package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.source.xds.SourceException;
import io.grpcweb.gateway.upstream.pool.ClusterStep;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * One form of a cluster: it waits for its secrets, its endpoints and its first health checks, takes its name, and holds what it uses
 * until the next form has taken it.
 */
final class ClusterForm implements AutoCloseable {
    private final Parts parts;
    private final Resource resource;
    private final ClusterConfig config;
    private final Instant since = Instant.now();
    private final ClusterStep step;
    private final Runnable ready;
    private SecretUses secrets;
    private Uses<Assignment>.Use endpoints;
    private boolean warms;
    private boolean closed;

    /**
     * Makes the cluster and begins to want what it needs.
     *
     * @param resource that it is made of; null for one of the configuration
     * @param ready runs once, later, when it may take its name
     * @throws IOException names the file of TLS that cannot be used
     * @throws SourceException says why a source cannot be used
     */
    ClusterForm(Parts parts, Resource resource, ClusterConfig config, Runnable ready)
            throws IOException, SourceException {
        this.parts = parts;
        this.resource = resource;
        this.config = config;
        this.ready = ready;
        this.step = parts.clusters.prepare(config);
        try {
            Optional<ResourceSource> source = config.discovery().source();
            if (source.isPresent()) {
                endpoints = parts.endpoints.use(
                        source.get(), config.discovery().service(), config.name(), new EndpointUser());
                if (endpoints.isSettled()) {
                    endpointsSettled();
                }
            }
            secrets = new SecretUses(
                    parts.secrets,
                    config.allTls().flatMap(tls -> tls.secrets().all().stream()).toList(),
                    secret -> Optional.empty(),
                    this::look);
        } catch (SourceException e) {
            step.abandon();
            close();
            throw e;
        }
        look();
    }

    private void look() {
        if (!warms && !closed && secrets != null && secrets.areSettled()) {
            warms = true;
            // Behind the response: the event loops of a thousand clusters are woken once, not between two of them.
            parts.timers.next(this::start);
        }
    }

    private void start() {
        if (!closed) {
            step.warm(() -> parts.timers.next(this::warm));
        }
    }

    private void warm() {
        if (!closed) {
            ready.run();
        }
    }

    private void endpointsSettled() {
        String service = config.discovery().service();
        if (endpoints.value().isEmpty()
                && parts.clusters.assignments().known(service).isEmpty()) {
            parts.clusters.assignments().assign(service, Assignment.NONE);
        }
    }

    /** Takes its name. */
    void commit() {
        step.commit();
    }

    /** It is given up before it has taken its name. */
    void abandon() {
        step.abandon();
        close();
    }

    /** What it uses is given up. */
    @Override
    public void close() {
        closed = true;
        if (endpoints != null) {
            endpoints.close();
        }
        if (secrets != null) {
            secrets.close();
        }
    }

    Resource resource() {
        return resource;
    }

    ClusterConfig config() {
        return config;
    }

    Instant since() {
        return since;
    }

    private final class EndpointUser implements Uses.User<Assignment> {
        @Override
        public Optional<String> refuses(Assignment value) {
            return Optional.empty();
        }

        @Override
        public void changed(Assignment value) {
            // All clusters of the service have it already.
        }

        @Override
        public void settled() {
            if (endpoints != null) {
                endpointsSettled();
            }
        }
    }
}
