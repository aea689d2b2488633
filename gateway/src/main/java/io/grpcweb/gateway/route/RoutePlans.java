package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.config.RouteConfig.VirtualHost;
import io.grpcweb.gateway.config.RouteConfig.WeightedCluster;
import io.grpcweb.gateway.http.HeaderEdits;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.Substitution;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The plans of all routes of a listener. Routes without settings of their own share one. */
final class RoutePlans {
    private final RoutePlan plain;
    private final IdentityHashMap<Route, RoutePlan> plans = new IdentityHashMap<>();
    private final IdentityHashMap<VirtualHost, RoutePlan> unrouted = new IdentityHashMap<>();

    private final FactoryStock stock;

    /**
     * Prepares the routes of a configuration.
     *
     * @param before the plans of the configuration that it replaces, or null
     */
    RoutePlans(
            HttpConfig http,
            Function<FilterConfig, HttpFilterFactory> make,
            Substitution.Compiler compiler,
            RoutePlans before) {
        stock = new FactoryStock(make, before == null ? null : before.stock);
        plain = new RoutePlan(HeaderEdits.NONE, filters(http, Map.of()));
        RouteConfig config = http.routes();
        for (VirtualHost host : config.virtualHosts()) {
            if (!host.filters().isEmpty()) {
                unrouted.put(host, new RoutePlan(HeaderEdits.NONE, filters(http, host.filters())));
            }
            for (Route route : host.routes()) {
                HeaderEdits headers = HeaderEdits.of(places(config, host, route), weighted(route), compiler);
                IdentityHashMap<WeightedCluster, List<HttpFilterFactory>> byCluster = byCluster(http, route);
                if (headers != HeaderEdits.NONE || !route.filters().isEmpty() || !byCluster.isEmpty()) {
                    List<HttpFilterFactory> filters =
                            route.filters().isEmpty() ? plain.filters() : filters(http, route.filters());
                    plans.put(route, new RoutePlan(headers, filters, byCluster));
                }
            }
        }
    }

    /** The plan of a route, or of a request that has none, or no virtual host. */
    RoutePlan of(RouteTable.Result found) {
        return found.route() == null
                ? unrouted.getOrDefault(found.virtualHost(), plain)
                : plans.getOrDefault(found.route(), plain);
    }

    /** The last place has the last word: the outermost one, unless the file says that the innermost one wins. */
    private static List<HeaderRules> places(RouteConfig config, VirtualHost host, Route route) {
        return config.mostSpecificFirst()
                ? List.of(config.headers(), host.headers(), route.headers())
                : List.of(route.headers(), host.headers(), config.headers());
    }

    private static List<WeightedCluster> weighted(Route route) {
        return route.action() instanceof RouteConfig.Forward forward
                        && forward.cluster() instanceof ClusterChoice.Weighted choice
                ? choice.clusters()
                : List.of();
    }

    private IdentityHashMap<WeightedCluster, List<HttpFilterFactory>> byCluster(HttpConfig http, Route route) {
        IdentityHashMap<WeightedCluster, List<HttpFilterFactory>> found = new IdentityHashMap<>(0);
        for (WeightedCluster cluster : weighted(route)) {
            if (!cluster.filters().isEmpty()) {
                found.put(cluster, filters(http, cluster.filters()));
            }
        }
        return found;
    }

    private List<HttpFilterFactory> filters(HttpConfig http, Map<String, FilterOverride> overrides) {
        List<HttpFilterFactory> chain = new ArrayList<>();
        for (FilterConfig filter : http.filters()) {
            FilterOverride override = overrides.get(filter.name());
            boolean off = override == null
                    ? http.offByDefault().contains(filter.name())
                    : override instanceof FilterOverride.Disabled;
            if (off && !filter.terminal()) {
                continue;
            }
            // Routes that inherit one setting share what it counts.
            FilterConfig settings = override instanceof FilterOverride.Replaced other ? other.filter() : filter;
            chain.add(stock.of(settings));
        }
        return List.copyOf(chain);
    }
}
