package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Tells a cluster how attempts went, each once. A gRPC status counts as the HTTP status it stands for, as soon as it is
 * known (Envoy's {@code Grpc::Utility::grpcToHttpStatus}).
 */
public final class OutcomeReport {
    private OutcomeReport() {}

    /** A status in the head or the trailers of a response, or -1. */
    public static int grpcStatus(Http2Headers fields) {
        CharSequence status = fields.get(GrpcHeaders.STATUS);
        return status == null ? -1 : GrpcStatus.parse(status);
    }

    /** Something of a response has come; nothing is told while a gRPC status may still follow. */
    public static void answered(Cluster cluster, Attempt attempt, int status, int grpcStatus, boolean end) {
        if (attempt.isReported() || (status == 200 && grpcStatus < 0 && !end)) {
            return;
        }
        attempt.reported();
        int counted = grpcStatus >= 0 ? GrpcStatus.toHttp(grpcStatus) : status;
        cluster.report(attempt.host(), Outcome.answered(counted));
    }

    /** The attempt failed; failures to connect are told by the pool. */
    public static void failed(Cluster cluster, Attempt attempt, UpstreamFailure failure) {
        if (!failure.isConnectFailure()) {
            cluster.report(attempt.host(), Outcome.LocalOrigin.RESET);
        }
    }

    /** What a broken-off answer means to its caller (grpc doc/PROTOCOL-HTTP2.md, Errors). */
    public static GrpcStatus lostStatus(UpstreamFailure failure, long resetCode) {
        if (resetCode >= 0) {
            return GrpcStatus.fromReset(resetCode);
        }
        return failure == UpstreamFailure.PROTOCOL_ERROR ? GrpcStatus.INTERNAL : GrpcStatus.UNAVAILABLE;
    }
}
