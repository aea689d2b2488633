package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.Histogram;
import io.grpcweb.gateway.stats.Stat;
import io.grpcweb.gateway.stats.StatGroup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;

/** How what is wanted from elsewhere comes: {@code cluster_manager.cds.*} and the like. */
public final class SubscriptionStats extends StatGroup {
    public final LongAdder updateAttempt = counter("update_attempt");
    public final LongAdder updateSuccess = counter("update_success");
    public final LongAdder updateFailure = counter("update_failure");
    public final LongAdder updateRejected = counter("update_rejected");
    public final LongAdder initFetchTimeout = counter("init_fetch_timeout");
    public final LongAdder configReload = counter("config_reload");
    public final LongAdder updateEmpty = counter("update_empty");
    public final LongAdder keyRotationFailed = counter("key_rotation_failed");
    public final Gauge updateTime = gauge("update_time");
    public final Gauge version = gauge("version");
    public final Histogram updateDuration = histogram("update_duration", false);
    private volatile String versionText = "";

    /**
     * Under a prefix.
     *
     * @param prefix such as {@code cluster_manager.cds}
     * @param family of the Prometheus names
     */
    SubscriptionStats(String prefix, String family, List<Stat.Label> labels) {
        super(prefix, family, labels);
        text("version_text", () -> versionText);
    }

    /** What its names begin with. */
    String name() {
        return prefix();
    }

    void taken(String newVersion, long nowMillis, long nanos) {
        updateSuccess.increment();
        updateTime.set(nowMillis);
        updateDuration.recordNanos(nanos);
        versionText = newVersion;
        CRC32C hash = new CRC32C();
        hash.update(newVersion.getBytes(StandardCharsets.UTF_8));
        version.set(hash.getValue());
    }
}
