package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.format.StatusNames;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.CallTrace;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.GrpcMethodStats;
import io.grpcweb.gateway.stats.Stats;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.model.snapshots.Exemplars;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The meters of one method, prepared when it is first seen; a combination of labels is registered with its first call. */
final class MethodMeters {
    private static final int STATUSES = 18;
    private static final int NO_STATUS = 17;
    private static final int VERSIONS = 2;
    private static final CallFormat[] FORMATS = CallFormat.values();
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(600)
    };

    private final MeterRegistry registry;
    private final String service;
    private final String method;
    private final AtomicReferenceArray<Counter> calls =
            new AtomicReferenceArray<>(FORMATS.length * VERSIONS * STATUSES);
    private final Timer firstByte;
    private final Timer duration;
    private final Counter messagesReceived;
    private final Counter messagesSent;
    private final Counter bytesReceived;
    private final Counter bytesSent;
    private final Map<String, GrpcMethodStats> envoys = new ConcurrentHashMap<>();

    /** Null until a call of the method is part of a sampled trace. */
    private volatile Traced traced;

    private record Traced(TracedValues firstBytes, TracedValues durations) {}

    MethodMeters(MeterRegistry registry, String service, String method) {
        this.registry = registry;
        this.service = service;
        this.method = method;
        this.firstByte =
                timer("gateway.call.first.byte", "From the head of a request to the first byte of its answer.");
        this.duration = timer("gateway.call.duration", "From the head of a request to the last byte of its answer.");
        this.messagesReceived = counter("gateway.messages", "gRPC messages.", "received");
        this.messagesSent = counter("gateway.messages", "gRPC messages.", "sent");
        this.bytesReceived = counter("gateway.body", "Body bytes, from and to browsers.", "received");
        this.bytesSent = counter("gateway.body", "Body bytes, from and to browsers.", "sent");
    }

    /** An exchange with this method has ended. */
    void ended(StreamInfo info) {
        calls(info).increment();
        if (info.firstResponseByteNanos != 0) {
            firstByte.record(info.firstResponseByteNanos - info.startNanos, TimeUnit.NANOSECONDS);
        }
        duration.record(info.endNanos - info.startNanos, TimeUnit.NANOSECONDS);
        add(messagesReceived, info.requestMessages);
        add(messagesSent, info.responseMessages);
        add(bytesReceived, info.bytesReceived);
        add(bytesSent, info.bytesSent);
        CallTrace trace = info.trace;
        if (trace != null && trace.isSampled()) {
            traced(info, trace);
        }
    }

    private void traced(StreamInfo info, CallTrace trace) {
        Traced to = traced;
        if (to == null) {
            to = beganTraces();
        }
        long nanos = info.endNanos - info.startNanos;
        TracedValues.Span span = new TracedValues.Span(
                trace.traceId(), trace.spanId(), info.startMillis + TimeUnit.NANOSECONDS.toMillis(nanos));
        if (info.firstResponseByteNanos != 0) {
            to.firstBytes().record(span, info.firstResponseByteNanos - info.startNanos);
        }
        to.durations().record(span, nanos);
    }

    private synchronized Traced beganTraces() {
        if (traced == null) {
            traced = new Traced(new TracedValues(BUCKETS), new TracedValues(BUCKETS));
        }
        return traced;
    }

    /** Sampled traces with the times to their first bytes. */
    Exemplars tracedFirstBytes() {
        Traced from = traced;
        return from == null ? Exemplars.EMPTY : from.firstBytes().exemplars();
    }

    /** Sampled traces with their durations. */
    Exemplars tracedDurations() {
        Traced from = traced;
        return from == null ? Exemplars.EMPTY : from.durations().exemplars();
    }

    /** Envoy's counters of the method in a cluster. */
    GrpcMethodStats envoys(Stats stats, String cluster) {
        GrpcMethodStats known = envoys.get(cluster);
        return known != null
                ? known
                : envoys.computeIfAbsent(cluster, name -> stats.cluster(name).grpcWeb(service, method));
    }

    private static void add(Counter counter, long amount) {
        if (amount > 0) {
            counter.increment((double) amount);
        }
    }

    private Counter calls(StreamInfo info) {
        boolean http2 = info.protocol == Protocol.HTTP_2;
        int status = status(info);
        int at = (index(info.format) * VERSIONS + (http2 ? 1 : 0)) * STATUSES + status;
        Counter counter = calls.get(at);
        if (counter == null) {
            counter = Counter.builder("gateway.calls")
                    .description("Calls that have ended.")
                    .tag("grpc_service", service)
                    .tag("grpc_method", method)
                    .tag("format", info.format.label())
                    .tag("http_version", http2 ? "2" : "1.1")
                    .tag("grpc_status", status == NO_STATUS ? "none" : StatusNames.camel(status))
                    .register(registry);
            calls.set(at, counter);
        }
        return counter;
    }

    private static int status(StreamInfo info) {
        if (info.grpcStatus >= 0) {
            return Math.min(info.grpcStatus, NO_STATUS - 1);
        }
        boolean gone = info.has(ResponseFlag.DOWNSTREAM_REMOTE_RESET) || info.has(ResponseFlag.DOWNSTREAM_TERMINATION);
        return info.format == CallFormat.HTTP ? NO_STATUS : (gone ? GrpcStatus.CANCELLED : GrpcStatus.UNKNOWN).code();
    }

    private static int index(CallFormat format) {
        int index = 0;
        while (FORMATS[index] != format) {
            index++;
        }
        return index;
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .tag("grpc_service", service)
                .tag("grpc_method", method)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter counter(String name, String description, String direction) {
        return Counter.builder(name)
                .description(description)
                .baseUnit(name.equals("gateway.body") ? "bytes" : null)
                .tag("grpc_service", service)
                .tag("grpc_method", method)
                .tag("direction", direction)
                .register(registry);
    }
}
