package io.grpcweb.gateway.http;

/** What a request is, by its content-type and its route. */
public enum CallFormat {
    GRPC_WEB("grpc-web"),
    GRPC_WEB_TEXT("grpc-web-text"),
    /** The Connect protocol, where the route speaks it. */
    CONNECT("connect"),
    /** Native gRPC; passes untouched. */
    GRPC("grpc"),
    /** Anything else. */
    HTTP("http");

    private final String label;

    CallFormat(String label) {
        this.label = label;
    }

    /** As metrics and logs write it. */
    public String label() {
        return label;
    }

    /** Whether its client speaks gRPC itself, natively or as gRPC-Web. */
    public boolean isGrpc() {
        return isGrpcWeb() || this == GRPC;
    }

    public boolean isGrpcWeb() {
        return this == GRPC_WEB || this == GRPC_WEB_TEXT;
    }

    /** Whether a filter makes native gRPC of it, so that the status of a call is no trailer to its client. */
    public boolean isTranslated() {
        return isGrpcWeb() || this == CONNECT;
    }
}
