package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.WeightedCluster;
import io.grpcweb.gateway.config.Subsets;
import io.grpcweb.gateway.http.StreamInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a request wants of the endpoint that it goes to, in a cluster with subsets. */
final class EndpointWish {
    private static final List<String> READER = List.of(Subsets.READER);

    private EndpointWish() {}

    /**
     * What the route says, then the cluster with a weight, then what filters have found out: of two values for a key the later
     * one counts.
     *
     * @param drawn null where the route has one cluster
     */
    static Map<String, Object> of(Forward forward, WeightedCluster drawn, StreamInfo info) {
        Map<String, Object> ofCluster = drawn == null ? Map.of() : drawn.endpointsWith();
        Object found = info.metadata == null ? null : info.metadata.at(READER);
        if (ofCluster.isEmpty() && !(found instanceof Map)) {
            return forward.endpointsWith();
        }
        Map<String, Object> all = new HashMap<>(forward.endpointsWith());
        all.putAll(ofCluster);
        if (found instanceof Map<?, ?> fields) {
            all.putAll(Metadata.of(fields).byReader());
        }
        return all;
    }
}
