package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.admin.Snapshots.ClusterStatus;
import io.grpcweb.gateway.admin.Snapshots.HostStatus;
import io.grpcweb.gateway.config.ClusterConfig.Breakers.Thresholds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Envoy's {@code Clusters} message (envoy/admin/v3/clusters.proto): zeros and false are left out, as proto3 does. */
final class ClustersJson {
    private ClustersJson() {}

    static Map<String, Object> of(List<ClusterStatus> clusters) {
        return Map.of(
                "cluster_statuses", clusters.stream().map(ClustersJson::cluster).toList());
    }

    private static Map<String, Object> cluster(ClusterStatus cluster) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", cluster.config().name());
        if (cluster.fromElsewhere()) {
            out.put("added_via_api", true);
        }
        out.put(
                "host_statuses",
                cluster.hosts().stream().map(ClustersJson::host).toList());
        Map<String, Object> high = new LinkedHashMap<>();
        high.put("priority", "HIGH");
        high.putAll(limits(cluster.config().breakers().high()));
        out.put(
                "circuit_breakers",
                Map.of("thresholds", List.of(limits(cluster.config().breakers().normal()), high)));
        out.put("observability_name", cluster.config().name());
        String service = cluster.config().discovery().service();
        if (!service.isEmpty() && !service.equals(cluster.config().name())) {
            out.put("eds_service_name", service);
        }
        return out;
    }

    private static Map<String, Object> limits(Thresholds limits) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("max_connections", limits.connections());
        out.put("max_pending_requests", limits.pending());
        out.put("max_requests", limits.requests());
        out.put("max_retries", limits.retries());
        return out;
    }

    private static Map<String, Object> host(HostStatus host) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("address", Addresses.json(host.address()));
        List<Object> stats = new ArrayList<>();
        stats.add(stat("cx_connect_fail", host.cxConnectFail(), false));
        stats.add(stat("cx_total", host.cxTotal(), false));
        stats.add(stat("rq_error", host.rqError(), false));
        stats.add(stat("rq_success", host.rqSuccess(), false));
        stats.add(stat("rq_timeout", host.rqTimeout(), false));
        stats.add(stat("rq_total", host.rqTotal(), false));
        stats.add(stat("cx_active", host.cxActive(), true));
        stats.add(stat("rq_active", host.rqActive(), true));
        out.put("stats", stats);
        out.put("health_status", health(host));
        if (host.successRate() >= 0) {
            out.put("success_rate", Map.of("value", host.successRate()));
        }
        out.put("weight", host.weight());
        if (!host.hostname().isEmpty()) {
            out.put("hostname", host.hostname());
        }
        if (host.priority() > 0) {
            out.put("priority", host.priority());
        }
        Map<String, Object> locality = new LinkedHashMap<>();
        putIfGiven(locality, "region", host.region());
        putIfGiven(locality, "zone", host.zone());
        putIfGiven(locality, "sub_zone", host.subZone());
        out.put("locality", locality);
        return out;
    }

    private static Map<String, Object> health(HostStatus host) {
        Map<String, Object> out = new LinkedHashMap<>();
        String flags = host.healthFlags();
        if (flags.contains("/failed_active_hc")) {
            out.put("failed_active_health_check", true);
        }
        if (flags.contains("/failed_outlier_check")) {
            out.put("failed_outlier_check", true);
        }
        if (flags.contains("/degraded_active_hc")) {
            out.put("failed_active_degraded_check", true);
        }
        if (flags.contains("/pending_dynamic_removal")) {
            out.put("pending_dynamic_removal", true);
        }
        if (flags.contains("/pending_active_hc")) {
            out.put("pending_active_hc", true);
        }
        out.put(
                "eds_health_status",
                flags.contains("/failed_eds_health")
                        ? "UNHEALTHY"
                        : flags.contains("/degraded_eds_health")
                                ? "DEGRADED"
                                : flags.contains("/eds_status_draining") ? "DRAINING" : "HEALTHY");
        return out;
    }

    private static Map<String, Object> stat(String name, long value, boolean gauge) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (gauge) {
            out.put("type", "GAUGE");
        }
        if (value != 0) {
            out.put("value", Long.toString(value));
        }
        out.put("name", name);
        return out;
    }

    private static void putIfGiven(Map<String, Object> out, String name, String value) {
        if (!value.isEmpty()) {
            out.put(name, value);
        }
    }
}
