package io.grpcweb.gateway.dynamic;

/** How far the start has come. */
public enum Phase {
    /** Clusters are waited for. */
    CLUSTERS,
    /** Listeners are waited for. */
    LISTENERS,
    /** All that was waited for is there, or has not come in time. */
    LIVE
}
