package io.grpcweb.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Reads resources that come from elsewhere while the gateway serves, each by itself; one thread at a time. */
public interface ResourceReader {

    /** A cluster. */
    ClusterConfig cluster(Resource resource) throws ConfigException;

    /**
     * A listener.
     *
     * @param clusters which clusters there are
     */
    ListenerConfig listener(Resource resource, Predicate<String> clusters) throws ConfigException;

    /**
     * Routes.
     *
     * @param clusters which clusters there are
     */
    RouteTable routes(Resource resource, Predicate<String> clusters) throws ConfigException;

    /** The endpoints of a service. */
    Assignment assignment(Resource resource) throws ConfigException;

    /** A secret. */
    SecretContent secret(Resource resource) throws ConfigException;

    /** What a page shows of it: protobuf's JSON without secrets. */
    Map<String, Object> document(Resource resource);

    /**
     * The resources of a text: a {@code DiscoveryResponse} as YAML or JSON.
     *
     * @param name of the text in errors
     */
    Text text(String name, byte[] text, ResourceType type) throws ConfigException;

    /** How many fields that are not known resources have had. */
    long unknownFields();

    /** Routes, which mean something only beside the filters of a connection manager. */
    @FunctionalInterface
    interface RouteTable {
        /** What they are there. */
        RouteConfig beside(List<FilterConfig> filters) throws ConfigException;
    }

    /** The resources of a text. */
    record Text(String version, List<Resource> resources) {}
}
