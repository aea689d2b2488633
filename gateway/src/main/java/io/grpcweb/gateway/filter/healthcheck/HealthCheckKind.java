package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.PercentFormat;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The filter {@code health-check}. */
public final class HealthCheckKind implements FilterKind<HealthCheckConfig>, DescribedFormat<HealthCheckConfig> {

    @Override
    public Class<HealthCheckConfig> settings() {
        return HealthCheckConfig.class;
    }

    @Override
    public String type() {
        return "health-check";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.health_check.v3.HealthCheck");
    }

    @Override
    public List<String> olderNames() {
        return List.of("health_check");
    }

    @Override
    public HealthCheckConfig usual(String name) {
        return new HealthCheckConfig(name, false, List.of(), Map.of());
    }

    @Override
    public HealthCheckConfig fields(Fields own, HealthCheckConfig given) {
        return new HealthCheckConfig(
                given.name(),
                own.flag("pass-through", given.passThrough()),
                MatchFormat.headers(own, "match-headers", given.matchers()),
                PercentFormat.field(own, "min-healthy", given.minHealthy()));
    }

    @Override
    public HealthCheckConfig read(String name, Msg typed, Reading envoy) {
        Map<String, Integer> least = new LinkedHashMap<>();
        // Envoy takes the whole part of each.
        typed.map("cluster_min_healthy_percentages")
                .forEach((cluster, percent) -> least.put(cluster, (int) percent.decimal("value", 0)));
        return new HealthCheckConfig(
                name,
                typed.flag("pass_through_mode", false),
                envoy.matchers().headers(typed.messages("headers")),
                least);
    }

    @Override
    public HttpFilterFactory make(HealthCheckConfig config, FilterContext context) {
        return new HealthCheckFilterFactory(
                config, context.node().cluster(), context.failing(), context.endpoints(config.minHealthy()));
    }
}
