package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.stats.StatGroup;
import io.grpcweb.gateway.telemetry.export.ExportCounters;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of spans that leave: {@code tracing.opentelemetry.*}. */
final class SpanStats extends StatGroup implements ExportCounters {
    static final String NAME = "tracing.opentelemetry";

    private final LongAdder sent = counter("spans_sent");
    private final LongAdder dropped = counter("spans_dropped");
    private final LongAdder timerFlushed = counter("timer_flushed");

    SpanStats() {
        super(NAME, "envoy_tracing_opentelemetry", List.of());
    }

    @Override
    public void sent(int items) {
        sent.add(items);
    }

    @Override
    public void dropped(int items) {
        dropped.add(items);
    }

    @Override
    public void flushedByTimer() {
        timerFlushed.increment();
    }
}
