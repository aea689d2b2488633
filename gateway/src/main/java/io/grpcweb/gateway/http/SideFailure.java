package io.grpcweb.gateway.http;

/** Why a call of the gateway's own has no whole answer. */
public enum SideFailure {
    /** No cluster has that name. */
    UNKNOWN_CLUSTER(GrpcStatus.UNAVAILABLE),
    /** The cluster has no endpoint that could be asked. */
    NO_HEALTHY_UPSTREAM(GrpcStatus.UNAVAILABLE),
    /** A circuit breaker of the cluster is open, or the policy of its endpoints drops calls. */
    OVERFLOW(GrpcStatus.UNAVAILABLE),
    /** The endpoint could not be reached, or has ended the stream too early. */
    RESET(GrpcStatus.UNAVAILABLE),
    /** The time of the call is over. */
    TIMEOUT(GrpcStatus.DEADLINE_EXCEEDED),
    /** The body of the response is longer than the call allows. */
    TOO_LARGE(GrpcStatus.RESOURCE_EXHAUSTED);

    private final GrpcStatus grpcStatus;

    SideFailure(GrpcStatus grpcStatus) {
        this.grpcStatus = grpcStatus;
    }

    /** What it is for a gRPC call. */
    public GrpcStatus grpcStatus() {
        return grpcStatus;
    }
}
