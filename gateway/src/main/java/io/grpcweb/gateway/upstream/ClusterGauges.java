package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.stats.BreakerStats;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import java.util.List;
import java.util.function.Predicate;

/** Lets the gauges of a cluster follow its endpoints and its circuit breakers. */
final class ClusterGauges {
    private ClusterGauges() {}

    static void bind(ClusterStats stats, Cluster cluster) {
        stats.membershipTotal.follow(() -> cluster.allHosts().size());
        stats.membershipHealthy.follow(() -> count(cluster, host -> host.usable() && !host.degraded()));
        stats.membershipDegraded.follow(() -> count(cluster, Host::degraded));
        stats.membershipExcluded.follow(
                () -> count(cluster, host -> host.has(HealthFlag.PENDING_ACTIVE_HC) || !host.counts()));
        stats.maxHostWeight.follow(
                () -> cluster.allHosts().stream().mapToInt(Host::weight).max().orElse(0));
        if (cluster.config().outlierDetection().isPresent()) {
            stats.outlierDetection().ejectionsActive.follow(() -> count(cluster, Host::ejected));
            stats.outlierDetection().follow(cluster::outlierCounters);
        }
        if (cluster.isHealthChecked()) {
            stats.healthCheck().healthy.follow(() -> count(cluster, host -> !host.has(HealthFlag.FAILED_ACTIVE_HC)));
            stats.healthCheck().degraded.follow(() -> count(cluster, host -> host.has(HealthFlag.DEGRADED_ACTIVE_HC)));
        }
        breakers(stats.breakers, cluster.breakers().of(false));
        breakers(stats.highBreakers, cluster.breakers().of(true));
        remaining(
                stats.breakers,
                cluster.breakers().of(false),
                cluster.config().breakers().normal().trackRemaining());
        remaining(
                stats.highBreakers,
                cluster.breakers().of(true),
                cluster.config().breakers().high().trackRemaining());
    }

    private static long count(Cluster cluster, Predicate<Host> test) {
        List<Host> hosts = cluster.allHosts();
        return hosts.stream().filter(test).count();
    }

    private static void breakers(BreakerStats stats, CircuitBreakers.Limits limits) {
        stats.cxOpen.follow(() -> limits.connections().open() ? 1 : 0);
        stats.cxPoolOpen.follow(() -> limits.pools().open() ? 1 : 0);
        stats.rqOpen.follow(() -> limits.requests().open() ? 1 : 0);
        stats.rqPendingOpen.follow(() -> limits.pending().open() ? 1 : 0);
        stats.rqRetryOpen.follow(() -> limits.retries().open() ? 1 : 0);
    }

    private static void remaining(BreakerStats stats, CircuitBreakers.Limits limits, boolean wanted) {
        if (wanted) {
            stats.remaining("remaining_cx").follow(() -> limits.connections().remaining());
            stats.remaining("remaining_rq").follow(() -> limits.requests().remaining());
            stats.remaining("remaining_pending").follow(() -> limits.pending().remaining());
            stats.remaining("remaining_retries").follow(() -> limits.retries().remaining());
        }
    }
}
