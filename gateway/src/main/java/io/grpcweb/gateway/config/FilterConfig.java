package io.grpcweb.gateway.config;

/** The settings of one HTTP filter: an immutable record that is equal to another one with the same settings. */
public interface FilterConfig {

    /** The name under which routes refer to it. */
    String name();

    /** Whether the filter ends the chain, because it sends the request on; the last filter does, and only the last. */
    default boolean terminal() {
        return false;
    }
}
