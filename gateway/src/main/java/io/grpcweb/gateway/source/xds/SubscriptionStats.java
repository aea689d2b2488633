package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.Histogram;
import io.grpcweb.gateway.stats.Stat;
import io.grpcweb.gateway.stats.StatGroup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;

/** How what is wanted from elsewhere comes: {@code cluster_manager.cds.*} and the like. */
final class SubscriptionStats extends StatGroup {
    final LongAdder updateAttempt;
    final LongAdder updateSuccess;
    final LongAdder updateFailure;
    final LongAdder updateRejected = counter("update_rejected");
    final LongAdder initFetchTimeout = counter("init_fetch_timeout");
    final Gauge updateTime = gauge("update_time");
    final Gauge version = gauge("version");
    final Histogram updateDuration = histogram("update_duration", false);
    private final LongAdder configReload;
    private volatile String versionText = "";

    /**
     * Under a prefix.
     *
     * @param prefix such as {@code cluster_manager.cds}
     * @param family of the Prometheus names
     */
    SubscriptionStats(ResourceType type, String prefix, String family, List<Stat.Label> labels) {
        super(prefix, family, labels);
        updateAttempt = counter("update_attempt");
        updateSuccess = counter("update_success");
        updateFailure = counter("update_failure");
        configReload = type == ResourceType.ROUTES ? counter("config_reload") : new LongAdder();
        if (type == ResourceType.ROUTES) {
            zeroCounters("update_empty");
        } else if (type == ResourceType.SECRET) {
            zeroCounters("key_rotation_failed");
        }
        text("version_text", () -> versionText);
    }

    /** Of a cluster's endpoints: among the series of the cluster, which has some of them for names as well. */
    SubscriptionStats(ClusterStats cluster, String name) {
        super("cluster." + name, "envoy_cluster", List.of(new Stat.Label("envoy_cluster_name", name)));
        updateAttempt = cluster.updateAttempt;
        updateSuccess = cluster.updateSuccess;
        updateFailure = cluster.updateFailure;
        configReload = new LongAdder();
        text("version_text", () -> versionText);
    }

    /** What its names begin with. */
    String name() {
        return prefix();
    }

    /** A state that is new is in force. */
    void changed() {
        configReload.increment();
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
