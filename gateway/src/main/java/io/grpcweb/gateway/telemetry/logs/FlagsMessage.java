package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;

/** {@code envoy.data.accesslog.v3.ResponseFlags}. */
final class FlagsMessage {
    private static final int UNAUTHORIZED = 13;
    private static final int EXTERNAL_SERVICE = 1;

    private FlagsMessage() {}

    /** Nothing where no flag is set. */
    static void write(int field, StreamInfo info, ProtoWriter out) {
        if (!info.hasFlags()) {
            return;
        }
        int flags = out.open(field);
        for (ResponseFlag flag : info.flags()) {
            int number = number(flag);
            if (number == UNAUTHORIZED) {
                int reason = out.open(UNAUTHORIZED);
                out.whole(1, EXTERNAL_SERVICE);
                out.close(reason);
            } else if (number != 0) {
                out.flag(number, true);
            }
        }
        out.close(flags);
    }

    /** The number of its field; 0 where the message has none for it. */
    private static int number(ResponseFlag flag) {
        return switch (flag) {
            case FAILED_LOCAL_HEALTH_CHECK -> 1;
            case NO_HEALTHY_UPSTREAM -> 2;
            case UPSTREAM_TIMEOUT -> 3;
            case LOCAL_RESET -> 4;
            case UPSTREAM_REMOTE_RESET -> 5;
            case UPSTREAM_CONNECTION_FAILURE -> 6;
            case UPSTREAM_TERMINATION -> 7;
            case UPSTREAM_OVERFLOW -> 8;
            case NO_ROUTE -> 9;
            case DELAY_INJECTED -> 10;
            case FAULT_INJECTED -> 11;
            case RATE_LIMITED -> 12;
            case UNAUTHORIZED_SERVICE -> UNAUTHORIZED;
            case RATE_LIMIT_SERVICE_ERROR -> 14;
            case DOWNSTREAM_TERMINATION -> 15;
            case UPSTREAM_RETRY_LIMIT -> 16;
            case STREAM_IDLE_TIMEOUT -> 17;
            case DOWNSTREAM_PROTOCOL_ERROR -> 19;
            case UPSTREAM_MAX_STREAM_DURATION -> 20;
            case DURATION_TIMEOUT -> 23;
            case UPSTREAM_PROTOCOL_ERROR -> 24;
            case NO_CLUSTER -> 25;
            case OVERLOAD_MANAGER -> 26;
            case DOWNSTREAM_REMOTE_RESET -> 28;
            case DROP_OVERLOAD, UNCONDITIONAL_DROP_OVERLOAD -> 0;
        };
    }
}
