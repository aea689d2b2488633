package io.grpcweb.gateway.http;

/**
 * Why an exchange ended as it did, in Envoy's words (access log operator {@code %RESPONSE_FLAGS%}). Envoy's other flags belong
 * to what is not here: dynamic forward proxy and strict checks of headers.
 */
public enum ResponseFlag {
    NO_HEALTHY_UPSTREAM("UH", "NoHealthyUpstream"),
    UPSTREAM_CONNECTION_FAILURE("UF", "UpstreamConnectionFailure"),
    UPSTREAM_OVERFLOW("UO", "UpstreamOverflow"),
    NO_ROUTE("NR", "NoRouteFound"),
    UPSTREAM_RETRY_LIMIT("URX", "UpstreamRetryLimitExceeded"),
    NO_CLUSTER("NC", "NoClusterFound"),
    DURATION_TIMEOUT("DT", "DurationTimeout"),
    DOWNSTREAM_TERMINATION("DC", "DownstreamConnectionTermination"),
    FAILED_LOCAL_HEALTH_CHECK("LH", "FailedLocalHealthCheck"),
    UPSTREAM_TIMEOUT("UT", "UpstreamRequestTimeout"),
    LOCAL_RESET("LR", "LocalReset"),
    UPSTREAM_REMOTE_RESET("UR", "UpstreamRemoteReset"),
    UPSTREAM_TERMINATION("UC", "UpstreamConnectionTermination"),
    DELAY_INJECTED("DI", "DelayInjected"),
    FAULT_INJECTED("FI", "FaultInjected"),
    RATE_LIMITED("RL", "RateLimited"),
    UNAUTHORIZED_SERVICE("UAEX", "UnauthorizedExternalService"),
    RATE_LIMIT_SERVICE_ERROR("RLSE", "RateLimitServiceError"),
    STREAM_IDLE_TIMEOUT("SI", "StreamIdleTimeout"),
    DOWNSTREAM_PROTOCOL_ERROR("DPE", "DownstreamProtocolError"),
    UPSTREAM_PROTOCOL_ERROR("UPE", "UpstreamProtocolError"),
    UPSTREAM_MAX_STREAM_DURATION("UMSDR", "UpstreamMaxStreamDurationReached"),
    DOWNSTREAM_REMOTE_RESET("DR", "DownstreamRemoteReset"),
    DROP_OVERLOAD("DO", "DropOverload"),
    UNCONDITIONAL_DROP_OVERLOAD("UDO", "UnconditionalDropOverload"),
    OVERLOAD_MANAGER("OM", "OverloadManagerTerminated");

    private final String shortName;
    private final String longName;

    ResponseFlag(String shortName, String longName) {
        this.shortName = shortName;
        this.longName = longName;
    }

    /** Two or more letters, as {@code %RESPONSE_FLAGS%} writes it. */
    public String shortName() {
        return shortName;
    }

    /** As {@code %RESPONSE_FLAGS_LONG%} writes it. */
    public String longName() {
        return longName;
    }
}
