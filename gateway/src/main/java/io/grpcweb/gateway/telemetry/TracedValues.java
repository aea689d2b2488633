package io.grpcweb.gateway.telemetry;

import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The latest duration of a sampled trace in each bucket of a histogram; any event loop. */
final class TracedValues {
    private final Duration[] bounds;

    /** One for each bucket, and one for what is above them all. */
    private final AtomicReferenceArray<Value> latest;

    /**
     * Nothing yet.
     *
     * @param bounds of the buckets, inclusive, in rising order
     */
    TracedValues(Duration... bounds) {
        this.bounds = bounds.clone();
        this.latest = new AtomicReferenceArray<>(bounds.length + 1);
    }

    /**
     * Whose a duration is.
     *
     * @param traceId 32 hexadecimal digits
     * @param spanId 16 hexadecimal digits, of the span of the exchange
     * @param epochMillis when it ended
     */
    record Span(String traceId, String spanId, long epochMillis) {}

    private record Value(Span span, long nanos) {
        Exemplar exemplar() {
            return Exemplar.builder()
                    .value(nanos / (double) TimeUnit.SECONDS.toNanos(1))
                    .traceId(span.traceId())
                    .spanId(span.spanId())
                    .timestampMillis(span.epochMillis())
                    .build();
        }
    }

    void record(Span span, long nanos) {
        int bucket = 0;
        while (bucket < bounds.length && nanos > bounds[bucket].toNanos()) {
            bucket++;
        }
        latest.set(bucket, new Value(span, nanos));
    }

    Exemplars exemplars() {
        List<Exemplar> found = new ArrayList<>(latest.length());
        for (int i = 0; i < latest.length(); i++) {
            Value value = latest.get(i);
            if (value != null) {
                found.add(value.exemplar());
            }
        }
        return Exemplars.of(found);
    }
}
