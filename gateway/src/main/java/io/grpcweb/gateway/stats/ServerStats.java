package io.grpcweb.gateway.stats;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What the process as a whole shows: {@code server.*}. */
public final class ServerStats extends StatGroup {
    public final Gauge live = gauge("live");
    public final Gauge state = gauge("state");
    public final Gauge uptime = gauge("uptime");
    public final Gauge concurrency = gauge("concurrency");
    public final Gauge daysUntilFirstCertExpiring = gauge("days_until_first_cert_expiring");
    public final Gauge memoryAllocated = gauge("memory_allocated");
    public final Gauge memoryHeapSize = gauge("memory_heap_size");
    public final Gauge memoryPhysicalSize = gauge("memory_physical_size");
    public final Gauge totalConnections = gauge("total_connections");
    public final Gauge version = gauge("version");
    public final LongAdder staticUnknownFields = counter("static_unknown_fields");
    public final Histogram initializationTimeMs = histogram("initialization_time_ms", true);

    private volatile LongSupplier dynamicUnknownFields = () -> 0;

    ServerStats() {
        super("server", "envoy_server", List.of());
        counter("dynamic_unknown_fields", () -> dynamicUnknownFields.getAsLong());
        zeroCounters(
                "debug_assertion_failures",
                "dropped_stat_flushes",
                "envoy_bug_failures",
                "envoy_notifications",
                "main_thread.watchdog_mega_miss",
                "main_thread.watchdog_miss",
                "wip_protos");
        zeroGauges(
                "compilation_settings.fips_mode",
                "hot_restart_epoch",
                "hot_restart_generation",
                "parent_connections",
                "seconds_until_first_ocsp_response_expiring",
                "stats_recent_lookups");
    }

    /** Who counts the fields that are not known in resources from elsewhere. */
    public void dynamicUnknownFields(LongSupplier source) {
        dynamicUnknownFields = source;
    }
}
