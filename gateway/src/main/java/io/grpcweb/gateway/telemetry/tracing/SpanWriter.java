package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.util.concurrent.TimeUnit;

/** The parts that all spans have (opentelemetry/proto/trace/v1/trace.proto). */
final class SpanWriter {
    static final int SERVER = 2;
    static final int CLIENT = 3;

    private static final int IN_SCOPE = 2;
    private static final int SAMPLED = 1;
    private static final int KNOWS_WHERE_PARENT_IS = 0x100;
    private static final int PARENT_IS_ELSEWHERE = 0x200;
    private static final int STATUS_ERROR = 2;

    private SpanWriter() {}

    /** Begins a span; it ends with {@link #end}. */
    static int begin(ProtoWriter out, long high, long low, long span, long parent) {
        int begin = out.open(IN_SCOPE);
        out.bigEndian(1, high, low);
        out.bigEndian(2, span);
        if (parent != 0) {
            out.bigEndian(4, parent);
        }
        return begin;
    }

    static void about(ProtoWriter out, CharSequence name, int kind, long startNanos, long endNanos) {
        out.text(5, name);
        out.whole(6, kind);
        out.fixed64(7, startNanos);
        out.fixed64(8, Math.max(startNanos, endNanos));
    }

    static void end(ProtoWriter out, int begin, boolean failed, boolean remoteParent) {
        if (failed) {
            int status = out.open(15);
            out.whole(3, STATUS_ERROR);
            out.close(status);
        }
        out.fixed32(16, SAMPLED | KNOWS_WHERE_PARENT_IS | (remoteParent ? PARENT_IS_ELSEWHERE : 0));
        out.close(begin);
    }

    /** A point of {@link System#nanoTime} in the exchange, in nanoseconds since 1970. */
    static long epoch(StreamInfo info, long nanos) {
        return TimeUnit.MILLISECONDS.toNanos(info.startMillis) + nanos - info.startNanos;
    }

    /** A point in time as an event; one that was never reached is none. */
    static void event(ProtoWriter out, String name, StreamInfo info, long nanos) {
        if (nanos != 0) {
            int event = out.open(11);
            out.fixed64(1, epoch(info, nanos));
            out.text(2, name);
            out.close(event);
        }
    }
}
