package io.grpcweb.gateway.http;

/** What a request is, by its content-type. */
public enum CallFormat {
    GRPC_WEB("grpc-web"),
    GRPC_WEB_TEXT("grpc-web-text"),
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

    public boolean isGrpcWeb() {
        return this == GRPC_WEB || this == GRPC_WEB_TEXT;
    }
}
