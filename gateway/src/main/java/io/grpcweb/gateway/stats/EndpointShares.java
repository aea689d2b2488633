package io.grpcweb.gateway.stats;

import java.util.Map;
import java.util.function.Function;

/**
 * How many of the endpoints of some clusters must take calls, in percent, and whether they do; degraded ones do (Envoy's health
 * check filter, {@code cluster_min_healthy_percentages}). Any thread.
 */
public final class EndpointShares {
    private final Map<String, Integer> least;
    private final Function<String, ClusterStats> clusters;

    /** How it stands. */
    public enum Verdict {
        ENOUGH,
        NO_CLUSTER,
        NO_ENDPOINT,
        TOO_FEW
    }

    /**
     * Asks when it is asked.
     *
     * @param least percent by name of the cluster; 0 is enough for a cluster without endpoints
     * @param clusters null for one that is not there
     */
    public EndpointShares(Map<String, Integer> least, Function<String, ClusterStats> clusters) {
        this.least = Map.copyOf(least);
        this.clusters = clusters;
    }

    /** Whether nothing is asked of any cluster. */
    public boolean isEmpty() {
        return least.isEmpty();
    }

    public Verdict verdict() {
        for (Map.Entry<String, Integer> one : least.entrySet()) {
            Verdict verdict = verdict(one.getKey(), one.getValue());
            if (verdict != Verdict.ENOUGH) {
                return verdict;
            }
        }
        return Verdict.ENOUGH;
    }

    /** The first cluster with too few, for people; empty where all have enough. */
    public String problem() {
        for (Map.Entry<String, Integer> one : least.entrySet()) {
            Verdict verdict = verdict(one.getKey(), one.getValue());
            if (verdict != Verdict.ENOUGH) {
                return "cluster " + one.getKey() + ": " + text(verdict, one.getKey()) + ", " + one.getValue()
                        + " % are wanted";
            }
        }
        return "";
    }

    private String text(Verdict verdict, String name) {
        if (verdict != Verdict.TOO_FEW) {
            return verdict == Verdict.NO_CLUSTER ? "there is none" : "no endpoint";
        }
        ClusterStats cluster = clusters.apply(name);
        return available(cluster) + " of " + cluster.membershipTotal.value() + " endpoints take calls";
    }

    private Verdict verdict(String name, int percent) {
        ClusterStats cluster = clusters.apply(name);
        if (cluster == null) {
            return Verdict.NO_CLUSTER;
        }
        long total = cluster.membershipTotal.value();
        if (total == 0) {
            return percent == 0 ? Verdict.ENOUGH : Verdict.NO_ENDPOINT;
        }
        return 100 * available(cluster) < total * percent ? Verdict.TOO_FEW : Verdict.ENOUGH;
    }

    private static long available(ClusterStats cluster) {
        return cluster.membershipHealthy.value() + cluster.membershipDegraded.value();
    }
}
