package io.grpcweb.gateway.config;

import java.util.List;

/**
 * A gRPC server that names resources (Envoy's {@code ApiConfigSource}).
 *
 * @param cluster of the static clusters, whose endpoints it has
 * @param authority that calls are for; empty means the name of the cluster
 * @param delta whether changes are sent, and not everything each time
 * @param nodeOnce whether only the first request of a stream says who asks
 * @param metadata header fields of each stream, in order
 */
public record ControlPlane(String cluster, String authority, boolean delta, boolean nodeOnce, List<Field> metadata) {

    public ControlPlane {
        metadata = List.copyOf(metadata);
    }

    /** A header field. */
    public record Field(String name, String value) {}
}
