package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.stats.StatGroup;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.export.ExportCounters;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of log entries that leave: {@code access_logs.<kind>.*}. */
final class LogStats extends StatGroup implements ExportCounters {
    static final String GRPC = "grpc_access_log";
    static final String OPEN_TELEMETRY = "open_telemetry_access_log";

    private final LongAdder written = counter("logs_written");
    private final LongAdder dropped = counter("logs_dropped");
    private final LongAdder flushed = counter("grpc_entries_flushed");
    private final LongAdder flushFailed = counter("grpc_entries_flush_failed");

    private LogStats(String kind) {
        super("access_logs." + kind, "envoy_access_logs_" + kind, List.of());
    }

    /** The counters of all logs of a kind. */
    static LogStats of(String kind, Stats stats) {
        return stats.group("access_logs." + kind, LogStats.class, () -> new LogStats(kind));
    }

    @Override
    public void sent(int items) {
        written.add(items);
        flushed.add(items);
    }

    @Override
    public void dropped(int items) {
        dropped.add(items);
    }

    @Override
    public void failed(int items) {
        flushFailed.add(items);
    }

    @Override
    public void flushedByTimer() {
        // Envoy does not count it.
    }
}
