package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Error;

/** gRPC status codes (grpc doc/statuscodes.md) and what HTTP answers and stream resets mean in them. */
public enum GrpcStatus {
    OK(0),
    CANCELLED(1),
    UNKNOWN(2),
    INVALID_ARGUMENT(3),
    DEADLINE_EXCEEDED(4),
    NOT_FOUND(5),
    ALREADY_EXISTS(6),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    ABORTED(10),
    OUT_OF_RANGE(11),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    DATA_LOSS(15),
    UNAUTHENTICATED(16);

    private final int code;

    GrpcStatus(int code) {
        this.code = code;
    }

    /** 0 to 16. */
    public int code() {
        return code;
    }

    /** The status of a number; one that is not 0 to 16 is UNKNOWN. */
    public static GrpcStatus of(int code) {
        for (GrpcStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return UNKNOWN;
    }

    /** grpc doc/http-grpc-status-mapping.md, as Envoy has it (431 is UNKNOWN, as the conformance suite expects). */
    public static GrpcStatus fromHttp(int status) {
        return switch (status) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    /** The HTTP status that a gRPC status stands for where HTTP statuses are counted, as in Envoy. */
    public static int toHttp(int status) {
        return switch (status) {
            case 0 -> 200;
            case 1 -> 499;
            case 3, 9, 11 -> 400;
            case 4 -> 504;
            case 5 -> 404;
            case 6, 10 -> 409;
            case 7 -> 403;
            case 8 -> 429;
            case 12 -> 501;
            case 14 -> 503;
            case 16 -> 401;
            default -> 500;
        };
    }

    /** grpc doc/PROTOCOL-HTTP2.md, "Errors": what a RST_STREAM from a backend means. */
    public static GrpcStatus fromReset(long http2Code) {
        Http2Error error = Http2Error.valueOf(http2Code);
        if (error == null) {
            return INTERNAL;
        }
        return switch (error) {
            case REFUSED_STREAM -> UNAVAILABLE;
            case CANCEL -> CANCELLED;
            case ENHANCE_YOUR_CALM -> RESOURCE_EXHAUSTED;
            case INADEQUATE_SECURITY -> PERMISSION_DENIED;
            default -> INTERNAL;
        };
    }

    /** The number of a {@code grpc-status} field, or -1 where it is not a number from 0 to 2147483647. */
    public static int parse(CharSequence field) {
        int length = field.length();
        if (length == 0 || length > 9) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < length; i++) {
            char c = field.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }
}
