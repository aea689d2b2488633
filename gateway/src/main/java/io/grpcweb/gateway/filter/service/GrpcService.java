package io.grpcweb.gateway.filter.service;

import io.grpcweb.gateway.config.HeaderRules;
import java.time.Duration;
import java.util.List;

/**
 * A gRPC service that a filter asks.
 *
 * @param cluster name of the cluster
 * @param authority that the service is called by; empty for the name of the cluster
 * @param timeout of one call; zero means for ever
 * @param metadata fields that every call carries; values may hold operators
 * @param mostBytes of an answer; a longer one is a failure
 */
public record GrpcService(
        String cluster, String authority, Duration timeout, List<HeaderRules.Add> metadata, int mostBytes) {

    /** Far more than a decision needs. */
    static final int MOST_BYTES = 1 << 20;

    public GrpcService {
        metadata = List.copyOf(metadata);
    }
}
