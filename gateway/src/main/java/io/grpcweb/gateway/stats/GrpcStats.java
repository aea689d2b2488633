package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the filter {@code grpc_stats} counts: {@code cluster.<name>.grpc.<service>.<method>.*}, up to a limit. */
final class GrpcStats extends StatGroup {
    private static final int MAX_METHODS = 500;

    private final Map<String, GrpcMethodStats> methods = new ConcurrentHashMap<>();
    private final GrpcMethodStats others;

    GrpcStats(String cluster, List<Label> labels) {
        super(cluster + ".grpc", "envoy_cluster_grpc", labels);
        others = new GrpcMethodStats(prefix(), family(), labels);
    }

    /** The numbers of a method that has some already; null otherwise. */
    GrpcMethodStats known(String service, String method) {
        return methods.get(service + '.' + method);
    }

    /** The numbers of a method; an empty name stands for all that are not told apart. */
    GrpcMethodStats of(String service, String method) {
        if (service.isEmpty()) {
            return others;
        }
        String name = service + '.' + method;
        GrpcMethodStats known = methods.get(name);
        if (known != null || methods.size() >= MAX_METHODS) {
            return known == null ? others : known;
        }
        return methods.computeIfAbsent(name, n -> {
            List<Label> all = new ArrayList<>();
            all.add(new Label("envoy_grpc_bridge_method", method));
            all.add(new Label("envoy_grpc_bridge_service", service));
            all.addAll(labels());
            return new GrpcMethodStats(prefix() + '.' + n, family(), all);
        });
    }

    @Override
    protected List<GrpcMethodStats> nested() {
        List<GrpcMethodStats> all = new ArrayList<>(methods.values());
        all.add(others);
        return all;
    }
}
