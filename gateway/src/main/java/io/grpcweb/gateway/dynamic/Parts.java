package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ResourceReader;
import io.grpcweb.gateway.config.ResourceReader.RouteTable;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.config.SecretContent;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.net.SecretStore;
import io.grpcweb.gateway.source.xds.Sources;
import io.grpcweb.gateway.source.xds.Timers;
import io.grpcweb.gateway.upstream.pool.ClusterManager;

/** What the parts of this package share. */
final class Parts {
    final Sources sources;
    final ResourceReader reader;
    final Timers timers;
    final ClusterManager clusters;
    final Uses<Assignment> endpoints;
    final Uses<RouteTable> routes;
    final Uses<SecretContent> secrets;

    Parts(Sources sources, ResourceReader reader, Timers timers, ClusterManager clusters, SecretStore store) {
        this.sources = sources;
        this.reader = reader;
        this.timers = timers;
        this.clusters = clusters;
        this.endpoints = new Uses<>(
                sources,
                ResourceType.ENDPOINTS,
                reader::assignment,
                // Behind the response, for the same reason as clusters start there.
                (source, name, assignment) ->
                        timers.next(() -> clusters.assignments().assign(name, assignment)));
        this.routes = new Uses<>(
                sources,
                ResourceType.ROUTES,
                resource -> reader.routes(resource, clusters.names()::contains),
                (source, name, table) -> {});
        this.secrets = new Uses<>(
                sources,
                ResourceType.SECRET,
                reader::secret,
                (source, name, content) -> store.put(new TlsConfig.SecretRef(name, source), content));
    }
}
