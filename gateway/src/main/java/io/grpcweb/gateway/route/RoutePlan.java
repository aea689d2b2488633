package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.RouteConfig.WeightedCluster;
import io.grpcweb.gateway.http.HeaderEdits;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * What is prepared for the exchanges of one route.
 *
 * @param headers changes of heads
 * @param filters those that they meet, in order
 * @param byCluster the same where one of these clusters was drawn
 */
record RoutePlan(
        HeaderEdits headers,
        List<HttpFilterFactory> filters,
        IdentityHashMap<WeightedCluster, List<HttpFilterFactory>> byCluster) {
    RoutePlan(HeaderEdits headers, List<HttpFilterFactory> filters) {
        this(headers, filters, new IdentityHashMap<>(0));
    }

    /** The filters of an exchange; the cluster is null where none was drawn. */
    List<HttpFilterFactory> filters(WeightedCluster drawn) {
        return byCluster.isEmpty() ? filters : byCluster.getOrDefault(drawn, filters);
    }
}
