package io.grpcweb.gateway.filter.connect;

/** Two ways of speaking Connect. */
public enum Dialect {
    /** As the protocol says. */
    CONNECT,
    /** As Envoy's bridge does: other HTTP statuses, and what it does not understand is passed on. */
    ENVOY
}
