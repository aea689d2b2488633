package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;

/** Whether a circuit breaker of a cluster is open: {@code cluster.<name>.circuit_breakers.<priority>.*}. */
public final class BreakerStats extends StatGroup {
    public final Gauge cxOpen = gauge("cx_open");
    public final Gauge cxPoolOpen = gauge("cx_pool_open");
    public final Gauge rqOpen = gauge("rq_open");
    public final Gauge rqPendingOpen = gauge("rq_pending_open");
    public final Gauge rqRetryOpen = gauge("rq_retry_open");

    BreakerStats(String cluster, List<Label> labels, String priority) {
        super(cluster + ".circuit_breakers." + priority, "envoy_cluster_circuit_breakers_" + priority, labels);
    }

    /** The gauge of how much is left, shown only where the configuration asks for it: {@code remaining_rq}. */
    public Gauge remaining(String name) {
        return gauge(name);
    }
}
