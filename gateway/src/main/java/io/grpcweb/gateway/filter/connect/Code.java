package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.GrpcStatus;

/** Connect's names of gRPC's statuses, and the HTTP statuses of unary errors. */
final class Code {
    private Code() {}

    /** The name of a status of gRPC; that of a number which is none is {@code unknown}. */
    static String name(int status) {
        return switch (GrpcStatus.of(status)) {
            case CANCELLED -> "canceled";
            case INVALID_ARGUMENT -> "invalid_argument";
            case DEADLINE_EXCEEDED -> "deadline_exceeded";
            case NOT_FOUND -> "not_found";
            case ALREADY_EXISTS -> "already_exists";
            case PERMISSION_DENIED -> "permission_denied";
            case RESOURCE_EXHAUSTED -> "resource_exhausted";
            case FAILED_PRECONDITION -> "failed_precondition";
            case ABORTED -> "aborted";
            case OUT_OF_RANGE -> "out_of_range";
            case UNIMPLEMENTED -> "unimplemented";
            case INTERNAL -> "internal";
            case UNAVAILABLE -> "unavailable";
            case DATA_LOSS -> "data_loss";
            case UNAUTHENTICATED -> "unauthenticated";
            default -> "unknown";
        };
    }

    /** The HTTP status of a unary call that ended with a status of gRPC. */
    static int http(int status, Dialect dialect) {
        if (dialect == Dialect.ENVOY) {
            switch (GrpcStatus.of(status)) {
                case CANCELLED, DEADLINE_EXCEEDED -> {
                    return 408;
                }
                case UNIMPLEMENTED -> {
                    return 404;
                }
                case FAILED_PRECONDITION -> {
                    return 412;
                }
                default -> {}
            }
        }
        return status == 0 ? 200 : GrpcStatus.toHttp(status);
    }
}
