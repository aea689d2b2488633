package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Calls of one method by gRPC status, and their messages: {@code cluster.<name>.grpc.<service>.<method>.*}. */
public final class GrpcMethodStats extends StatGroup {
    private static final int STATUSES = 17;

    private final LongAdder[] statuses = new LongAdder[STATUSES];
    private final LongAdder success = counter("success", false);
    private final LongAdder failure = counter("failure", false);
    private final LongAdder total = counter("total", false);
    private final LongAdder requestMessages = counter("request_message_count", false);
    private final LongAdder responseMessages = counter("response_message_count", false);

    private final Histogram upstreamTime = histogram("upstream_rq_time", false);

    GrpcMethodStats(String prefix, String family, List<Label> labels) {
        super(prefix, family, labels);
        for (int i = 0; i < STATUSES; i++) {
            statuses[i] = counter(Integer.toString(i), false);
        }
    }

    /** So many messages have passed. */
    public void messages(long fromCaller, long fromBackend) {
        if (fromCaller > 0) {
            requestMessages.add(fromCaller);
        }
        if (fromBackend > 0) {
            responseMessages.add(fromBackend);
        }
    }

    /** A backend has taken so long for a call. */
    public void upstreamTime(long nanos) {
        upstreamTime.recordNanos(nanos);
    }

    /** A backend has ended a call with this status. */
    public void count(int grpcStatus) {
        if (grpcStatus >= 0 && grpcStatus < STATUSES) {
            statuses[grpcStatus].increment();
        }
        (grpcStatus == 0 ? success : failure).increment();
        total.increment();
    }
}
