package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;

/** Which gRPC statuses say that a server has failed, and where a status stands. */
final class GrpcErrors {
    /** UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
    private static final int OF_SERVERS = 1 << 2 | 1 << 4 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15;

    private GrpcErrors() {}

    static boolean isServerError(int status) {
        return status >= 0 && status <= 16 && (OF_SERVERS >> status & 1) != 0;
    }

    /** The fields of a response that have its status: the trailers of gRPC, or a head without a body; null for none. */
    static Http2Headers fields(StreamInfo info) {
        if (info.responseHeaders != null && info.responseHeaders.contains(GrpcHeaders.STATUS)) {
            return info.responseHeaders;
        }
        // In gRPC-Web the trailers are part of the body.
        return info.format.isGrpcWeb() || info.responseTrailers == null ? null : info.responseTrailers;
    }

    static boolean isGrpc(StreamInfo info) {
        return info.format != CallFormat.HTTP;
    }
}
