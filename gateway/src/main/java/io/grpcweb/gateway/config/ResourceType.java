package io.grpcweb.gateway.config;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of resources that a control plane sends, in the order in which they are asked for. */
public enum ResourceType {
    CLUSTER("envoy.config.cluster.v3.Cluster", "Cluster", "clusters", true),
    ENDPOINTS("envoy.config.endpoint.v3.ClusterLoadAssignment", "Endpoint", "endpoints", false),
    LISTENER("envoy.config.listener.v3.Listener", "Listener", "listeners", true),
    ROUTES("envoy.config.route.v3.RouteConfiguration", "Route", "routes", false),
    SECRET("envoy.extensions.transport_sockets.tls.v3.Secret", "Secret", "secrets", false);

    private static final String PREFIX = "type.googleapis.com/";

    private final String message;
    private final String service;
    private final String path;
    private final boolean all;

    ResourceType(String message, String service, String path, boolean all) {
        this.message = message;
        this.service = service;
        this.path = path;
        this.all = all;
    }

    /** The kind with a type URL; empty for one that this gateway does not ask for. */
    public static Optional<ResourceType> of(String url) {
        return Arrays.stream(values()).filter(one -> one.url().equals(url)).findFirst();
    }

    /** The full name of the protobuf message. */
    public String message() {
        return message;
    }

    public String url() {
        return PREFIX + message;
    }

    /** As in the names of gRPC methods: {@code Cluster} of {@code StreamClusters} and {@code ClusterDiscoveryService}. */
    public String service() {
        return service;
    }

    /** As in the paths of the REST API. */
    public String path() {
        return path;
    }

    /** Whether all that there are is asked for, and not some by name. */
    public boolean isAll() {
        return all;
    }
}
