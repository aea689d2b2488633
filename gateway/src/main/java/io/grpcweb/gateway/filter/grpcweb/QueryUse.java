package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.config.RouteConfig.VirtualHost;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Whether a filter below looks at the query of a path, which may differ from route to route. */
final class QueryUse {
    private final boolean usual;

    /** Routes for which it is the other way round; a cluster that may be drawn decides with them. */
    private final IdentityHashMap<Route, Boolean> others = new IdentityHashMap<>();

    /**
     * Of a filter chain.
     *
     * @param filter the filter above those that may look
     */
    QueryUse(HttpConfig http, FilterConfig filter) {
        List<FilterConfig> below = http.filters()
                .subList(http.filters().indexOf(filter) + 1, http.filters().size());
        usual = isRead(http, below, Map.of());
        for (VirtualHost host : http.routes().virtualHosts()) {
            for (Route route : host.routes()) {
                if (isRead(http, below, route) != usual) {
                    others.put(route, !usual);
                }
            }
        }
    }

    private static boolean isRead(HttpConfig http, List<FilterConfig> below, Route route) {
        return isRead(http, below, route.filters())
                || route.action() instanceof Forward forward
                        && forward.cluster() instanceof ClusterChoice.Weighted weighted
                        && weighted.clusters().stream()
                                .anyMatch(one -> !one.filters().isEmpty() && isRead(http, below, one.filters()));
    }

    private static boolean isRead(HttpConfig http, List<FilterConfig> below, Map<String, FilterOverride> overrides) {
        return below.stream().anyMatch(filter -> {
            FilterOverride override = overrides.get(filter.name());
            return override instanceof FilterOverride.Replaced replaced
                    ? replaced.filter().readsQuery()
                    : override == null && !http.offByDefault().contains(filter.name()) && filter.readsQuery();
        });
    }

    /** Whether the query of a call goes on; the route is null where none fits. */
    boolean isOf(Route route) {
        if (route != null && !(route.action() instanceof Forward)) {
            // No backend sees it, and a redirect keeps it.
            return true;
        }
        return others.isEmpty() ? usual : others.getOrDefault(route, usual);
    }
}
