package io.grpcweb.gateway.stats;

import java.util.List;

/** Series of Envoy's parts that do not exist here: always zero, so that a query for them finds something. */
final class UnusedStats extends StatGroup {

    private UnusedStats(String prefix) {
        super(prefix, "envoy_" + prefix.replace('.', '_'), List.of());
    }

    static List<UnusedStats> all() {
        UnusedStats runtime = new UnusedStats("runtime");
        runtime.zeroCounters(
                "deprecated_feature_use",
                "load_error",
                "load_success",
                "override_dir_exists",
                "override_dir_not_exists");
        runtime.zeroGauges(
                "admin_overrides_active", "deprecated_feature_seen_since_process_start", "num_keys", "num_layers");
        UnusedStats mainThread = new UnusedStats("main_thread");
        mainThread.zeroCounters("watchdog_mega_miss", "watchdog_miss");
        UnusedStats workers = new UnusedStats("workers");
        workers.zeroCounters("watchdog_mega_miss", "watchdog_miss");
        return List.of(runtime, mainThread, workers);
    }
}
