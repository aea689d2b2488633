package io.grpcweb.gateway.config;

/** How a gRPC-Web caller is told of an error that the gateway makes itself, and of a Trailers-Only answer. */
public enum ErrorFormat {
    /** Envoy's HTTP status (503, 504, 404 ...) with {@code grpc-status} and {@code grpc-message} as header fields. */
    ENVOY,
    /** HTTP 200 and a trailers frame in the body: the one form that every browser client reads, also across origins. */
    BROWSER
}
