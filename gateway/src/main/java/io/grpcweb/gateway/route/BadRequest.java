package io.grpcweb.gateway.route;

import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import java.util.List;

/** Refusals of requests whose head is not acceptable. */
final class BadRequest {
    private BadRequest() {}

    /** A Connection field that names what must not be stripped, or too much. */
    static LocalReply connectionField() {
        return new LocalReply(
                400,
                GrpcStatus.INTERNAL.code(),
                "Bad Request",
                ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
                "http1.connection_header_rejected",
                List.of());
    }
}
