package io.grpcweb.gateway.config;

import java.util.Set;

/** The settings of one HTTP filter: an immutable record that is equal to another one with the same settings. */
public interface FilterConfig {

    /** The name under which routes refer to it. */
    String name();

    /** Whether the filter ends the chain, because it sends the request on; the last filter does, and only the last. */
    default boolean terminal() {
        return false;
    }

    /**
     * Whether it looks at the query of a path. A gRPC-Web call before it keeps its query then, which is left out for backends
     * otherwise.
     */
    default boolean readsQuery() {
        return false;
    }

    /**
     * Whether it undoes content codings of requests and lets others pass. A gRPC-Web call in a coding goes on behind it, where
     * it is refused otherwise.
     */
    default boolean passesOtherCodings() {
        return false;
    }

    /**
     * Whether these settings of a route say what pages of other origins may do. They hold for preflights as well, which lack
     * the fields that decide the route of a call, and those of a virtual host for requests that no route takes.
     */
    default boolean crossOrigin() {
        return false;
    }

    /** The names of the clusters that it calls by itself, for the answer to a question or for keys. */
    default Set<String> clusters() {
        return Set.of();
    }

    /** Whether these settings of a route stand in a section of their own in the gateway's own format, and not in {@code filters}. */
    default boolean placed() {
        return crossOrigin();
    }
}
