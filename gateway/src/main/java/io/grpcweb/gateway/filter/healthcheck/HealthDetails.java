package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.http.Details;

/** What a health check says of clusters, in Envoy's words. */
final class HealthDetails {
    static final Details CLUSTERS_HEALTHY = Details.configured("health_check_ok_cluster_healthy");
    static final Details NO_CLUSTER = Details.of("health_check_failed_no_cluster_found");
    static final Details CLUSTER_EMPTY = Details.of("health_check_failed_cluster_empty");
    static final Details CLUSTER_UNHEALTHY = Details.of("health_check_failed_cluster_unhealthy");

    private HealthDetails() {}
}
