package io.grpcweb.gateway.admin;

import com.google.re2j.PatternSyntaxException;
import io.grpcweb.gateway.admin.Snapshots.ClusterStatus;
import io.grpcweb.gateway.admin.Snapshots.HostStatus;
import io.grpcweb.gateway.config.ClusterConfig.Breakers.Thresholds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /clusters}: limits and endpoints of each cluster, in Envoy's text form or as JSON. */
final class ClustersPage implements Page {
    private final Snapshots snapshots;

    ClustersPage(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        List<ClusterStatus> clusters = snapshots.clusters();
        String filter = request.value("filter");
        if (filter != null) {
            try {
                NameFilter names = new NameFilter(filter);
                clusters = clusters.stream()
                        .filter(cluster -> names.finds(cluster.config().name()))
                        .toList();
            } catch (PatternSyntaxException e) {
                return AdminResponse.text(
                        400, "Invalid re2 regex: " + e.getDescription() + ": " + e.getPattern() + "\n");
            }
        }
        if ("json".equals(request.value("format"))) {
            return AdminResponse.json(Json.pretty(ClustersJson.of(clusters)));
        }
        StringBuilder out = new StringBuilder(4096);
        clusters.forEach(cluster -> text(out, cluster));
        return AdminResponse.text(out.toString());
    }

    private static void text(StringBuilder out, ClusterStatus cluster) {
        String name = cluster.config().name();
        line(out, name, "observability_name", name);
        if (cluster.config().outlierDetection().isPresent()) {
            line(out, name, "outlier::success_rate_average", "-1");
            line(out, name, "outlier::success_rate_ejection_threshold", "-1");
            line(out, name, "outlier::local_origin_success_rate_average", "-1");
            line(out, name, "outlier::local_origin_success_rate_ejection_threshold", "-1");
        }
        limits(out, name, "default_priority", cluster.config().breakers().normal());
        limits(out, name, "high_priority", cluster.config().breakers().high());
        line(out, name, "added_via_api", Boolean.toString(cluster.fromElsewhere()));
        String service = cluster.config().discovery().service();
        if (!service.isEmpty() && !service.equals(name)) {
            line(out, name, "eds_service_name", service);
        }
        for (HostStatus host : cluster.hosts()) {
            String prefix = name + "::" + Addresses.text(host.address());
            values(host).forEach((key, value) -> line(out, prefix, key, value.toString()));
        }
    }

    private static void limits(StringBuilder out, String name, String priority, Thresholds limits) {
        line(out, name, priority + "::max_connections", Long.toString(limits.connections()));
        line(out, name, priority + "::max_pending_requests", Long.toString(limits.pending()));
        line(out, name, priority + "::max_requests", Long.toString(limits.requests()));
        line(out, name, priority + "::max_retries", Long.toString(limits.retries()));
    }

    private static Map<String, Object> values(HostStatus host) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("cx_active", host.cxActive());
        values.put("cx_connect_fail", host.cxConnectFail());
        values.put("cx_total", host.cxTotal());
        values.put("rq_active", host.rqActive());
        values.put("rq_error", host.rqError());
        values.put("rq_success", host.rqSuccess());
        values.put("rq_timeout", host.rqTimeout());
        values.put("rq_total", host.rqTotal());
        values.put("hostname", host.hostname());
        values.put("health_flags", host.healthFlags());
        values.put("weight", host.weight());
        values.put("region", host.region());
        values.put("zone", host.zone());
        values.put("sub_zone", host.subZone());
        values.put("canary", false);
        values.put("priority", host.priority());
        values.put("success_rate", PrometheusText.number(host.successRate()));
        values.put("local_origin_success_rate", "-1");
        return values;
    }

    private static void line(StringBuilder out, String prefix, String key, String value) {
        out.append(prefix).append("::").append(key).append("::").append(value).append('\n');
    }
}
