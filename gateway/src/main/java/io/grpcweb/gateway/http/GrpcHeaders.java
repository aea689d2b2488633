package io.grpcweb.gateway.http;

import io.netty.util.AsciiString;

/** Names of fields that gRPC gives a meaning (grpc doc/PROTOCOL-HTTP2.md). */
public final class GrpcHeaders {
    public static final AsciiString STATUS = AsciiString.cached("grpc-status");
    public static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    public static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    public static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
    public static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
    public static final AsciiString STATUS_DETAILS = AsciiString.cached("grpc-status-details-bin");

    private GrpcHeaders() {}
}
