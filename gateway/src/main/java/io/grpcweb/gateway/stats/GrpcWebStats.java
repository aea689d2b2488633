package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The methods of a cluster that were called over gRPC-Web, up to a limit. */
final class GrpcWebStats extends StatGroup {
    private static final int MAX_METHODS = 500;

    private final Map<String, GrpcMethodStats> methods = new ConcurrentHashMap<>();
    private final GrpcMethodStats others;

    GrpcWebStats(String cluster, List<Label> labels) {
        super(cluster + ".grpc-web", "envoy_cluster_grpc_web", labels);
        others = new GrpcMethodStats(prefix(), family(), labels);
    }

    GrpcMethodStats of(String service, String method) {
        String name = service + '.' + method;
        GrpcMethodStats known = methods.get(name);
        if (known != null) {
            return known;
        }
        if (methods.size() >= MAX_METHODS) {
            return others;
        }
        return methods.computeIfAbsent(
                name,
                n -> new GrpcMethodStats(
                        prefix() + '.' + n, family() + '_' + n.replaceAll("[^A-Za-z0-9_]", "_"), labels()));
    }

    @Override
    protected List<GrpcMethodStats> nested() {
        return List.copyOf(methods.values());
    }
}
