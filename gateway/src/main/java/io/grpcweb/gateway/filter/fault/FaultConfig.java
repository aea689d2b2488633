package io.grpcweb.gateway.filter.fault;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.RouteConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which faults are made, and for which requests.
 *
 * @param upstreamCluster only requests that go there; empty for all
 * @param headers only requests that fit
 * @param downstreamNodes only requests of these nodes, by {@code x-envoy-downstream-service-node}; empty for all
 * @param mostActive exchanges with a fault at a time; absent for any number
 * @param metadata what an exchange with a fault has as its metadata
 */
public record FaultConfig(
        String name,
        Optional<Delay> delay,
        Optional<Abort> abort,
        Optional<Slow> slow,
        String upstreamCluster,
        List<RouteConfig.HeaderMatch> headers,
        List<String> downstreamNodes,
        OptionalInt mostActive,
        Metadata metadata)
        implements FilterConfig {

    public FaultConfig {
        headers = List.copyOf(headers);
        downstreamNodes = List.copyOf(downstreamNodes);
    }

    /**
     * A share from 0 to 1.
     *
     * @param whole what a number in a control field is a part of: 100, 10,000 or 1,000,000
     */
    public record Share(double share, int whole) {
        static final Share ALL = new Share(1, 100);
    }

    /** The request waits; without a time of its own, as {@code x-envoy-fault-delay-request} says. */
    public record Delay(Optional<Duration> fixed, Share share) {}

    /**
     * The request is answered; without a status of its own, as {@code x-envoy-fault-abort-request} or {@code
     * x-envoy-fault-abort-grpc-request} says.
     *
     * @param message what the caller is told
     */
    public record Abort(OptionalInt httpStatus, OptionalInt grpcStatus, String message, Share share) {
        /** Envoy's. */
        static final String MESSAGE = "fault filter abort";
    }

    /**
     * The response is slow; without a rate of its own, as {@code x-envoy-fault-throughput-response} says.
     *
     * @param kibPerSecond KiB in a second
     */
    public record Slow(OptionalInt kibPerSecond, Share share) {}
}
