package io.grpcweb.gateway.upstream.host;

/**
 * How an attempt at an endpoint went, for outlier detection: Envoy's {@code Upstream::Outlier::Result} and response
 * codes (envoy/upstream/outlier_detection.h).
 */
public sealed interface Outcome {

    /** The endpoint answered; for gRPC answers without a body the HTTP status that the gRPC status stands for. */
    record Answered(int httpStatus) implements Outcome {}

    /** Something that happened on this side of the connection. */
    enum LocalOrigin implements Outcome {
        /** A stream was opened on a connection. */
        CONNECTED,
        CONNECT_FAILED,
        CONNECT_TIMEOUT,
        /** The stream or its connection was reset before the response was complete. */
        RESET,
        /** No answer within the route's time or that of the attempt. */
        REQUEST_TIMEOUT
    }

    /** What the status of a response means; a gRPC status is turned into its HTTP status first. */
    static Outcome answered(int httpStatus) {
        return new Answered(httpStatus);
    }
}
