package io.grpcweb.gateway.filter.ratelimitservice;

import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.descriptors.Descriptor;
import io.grpcweb.gateway.filter.descriptors.Descriptors;
import io.grpcweb.gateway.filter.service.ServiceMethod;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HeaderEdit;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.UnaryCalls;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.stats.Stats;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The questions and the counters of one place of the configuration. */
final class RateLimitServiceFactory implements HttpFilterFactory {
    private static final String PATH = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

    private final RateLimitServiceConfig config;
    private final Descriptors descriptors;
    private final ServiceMethod method;
    private final HeaderEdit refusalFields;
    private final Stats stats;
    private final Map<String, RateLimitServiceStats> clusters = new ConcurrentHashMap<>();

    RateLimitServiceFactory(RateLimitServiceConfig config, FilterContext context) {
        this.config = config;
        this.descriptors = Descriptors.of(context, config.limits());
        this.method = new ServiceMethod(config.service(), PATH, context.calls(), context.compiler());
        this.refusalFields = new HeaderEdit(config.refusal().add(), List.of(), context.compiler());
        this.stats = context.stats();
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return config.enabled() <= 0 ? null : new RateLimitServiceFilter(exchange, this);
    }

    RateLimitServiceConfig config() {
        return config;
    }

    HeaderEdit refusalFields() {
        return refusalFields;
    }

    /** What a request counts as; empty where it does not count. */
    List<Descriptor> descriptors(Exchange exchange, Http2Headers head) {
        return !Chance.happens(config.enabled()) || !isCounted(head) ? List.of() : descriptors(exchange, head, false);
    }

    /** What it counts as when it is over. */
    List<Descriptor> descriptorsAtEnd(Exchange exchange, Http2Headers head) {
        return descriptors(exchange, head, true);
    }

    private List<Descriptor> descriptors(Exchange exchange, Http2Headers head, boolean atEnd) {
        return config.limits().isEmpty()
                ? descriptors.ofRoute(exchange, head, config.hostLimits(), config.stage(), true, atEnd)
                : descriptors.of(config.limits(), exchange, head, atEnd);
    }

    /** Whether something of it may count at its end. */
    boolean mayCountAtEnd(Exchange exchange) {
        if (!config.limits().isEmpty()) {
            return anyAtEnd(config.limits());
        }
        return exchange.route() != null
                && (anyAtEnd(exchange.route().rateLimits().limits())
                        || anyAtEnd(exchange.virtualHost().rateLimits()));
    }

    private static boolean anyAtEnd(List<RateLimit> limits) {
        for (int i = 0; i < limits.size(); i++) {
            if (limits.get(i).atEnd()) {
                return true;
            }
        }
        return false;
    }

    private boolean isCounted(Http2Headers head) {
        if (config.requests() == RateLimitServiceConfig.RequestType.BOTH) {
            return true;
        }
        CharSequence internal = head.get("x-envoy-internal");
        boolean isInternal = internal != null && "true".contentEquals(internal);
        return isInternal == (config.requests() == RateLimitServiceConfig.RequestType.INTERNAL);
    }

    SideCall ask(Exchange exchange, List<Descriptor> counted, UnaryCalls.Observer observer) {
        return method.call(exchange, RateLimitRequest.of(config.domain(), counted), observer);
    }

    /** The numbers of a cluster. */
    RateLimitServiceStats at(String cluster) {
        String name = cluster == null ? "" : cluster;
        RateLimitServiceStats known = clusters.get(name);
        return known != null ? known : clusters.computeIfAbsent(name, this::made);
    }

    /** Where the cluster is not known beforehand there is nothing to count at. */
    private RateLimitServiceStats made(String cluster) {
        String prefix =
                "cluster." + cluster + ".ratelimit" + (config.statPrefix().isEmpty() ? "" : "." + config.statPrefix());
        return cluster.isEmpty()
                ? new RateLimitServiceStats(prefix, cluster)
                : stats.group(prefix, RateLimitServiceStats.class, () -> new RateLimitServiceStats(prefix, cluster));
    }

    /** A refusal is a response of the cluster that the request would have gone to, as in Envoy. */
    void refusedAt(String cluster) {
        if (cluster != null) {
            ClusterStats numbers = stats.cluster(cluster);
            numbers.ownResponse(RateLimitServiceConfig.Refusal.TOO_MANY);
        }
    }
}
