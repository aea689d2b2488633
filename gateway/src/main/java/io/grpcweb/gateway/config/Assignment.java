package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;

/**
 * The endpoints of a cluster, and how calls are spread over them as a whole. It stands in the cluster, or a control plane sends
 * it (EDS); either way it may change while the cluster serves.
 *
 * @param localities the endpoints by place
 */
public record Assignment(List<ClusterConfig.Locality> localities, Policy policy) {
    /** No endpoint. */
    public static final Assignment NONE = new Assignment(List.of(), Policy.DEFAULT);

    public Assignment {
        localities = List.copyOf(localities);
    }

    /** Endpoints without a policy of their own. */
    public static Assignment of(List<ClusterConfig.Locality> localities) {
        return new Assignment(localities, Policy.DEFAULT);
    }

    /**
     * How calls are spread.
     *
     * @param dropped the share of calls that get no endpoint, 0 to 1
     * @param overprovisioning percent by which the healthy share of a priority or locality is scaled before calls leave it (140)
     * @param staleAfter how long a control plane's word holds; zero means until the next one
     * @param byWeight whether the health of a priority is that of its weights, and not of its number of endpoints
     */
    public record Policy(double dropped, int overprovisioning, Duration staleAfter, boolean byWeight) {
        public static final Policy DEFAULT = new Policy(0, 140, Duration.ZERO, false);
    }
}
