package io.grpcweb.gateway.filter.grpcstats;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.ArrayList;
import java.util.List;

/** The filter {@code grpc-stats}. */
public final class GrpcStatsKind implements FilterKind<GrpcStatsConfig>, DescribedFormat<GrpcStatsConfig> {

    @Override
    public Class<GrpcStatsConfig> settings() {
        return GrpcStatsConfig.class;
    }

    @Override
    public String type() {
        return "grpc-stats";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.grpc_stats.v3.FilterConfig");
    }

    @Override
    public List<String> olderNames() {
        return List.of("grpc_stats");
    }

    @Override
    public GrpcStatsConfig usual(String name) {
        return new GrpcStatsConfig(name, false, List.of(), false, false, false);
    }

    @Override
    public GrpcStatsConfig fields(Fields own, GrpcStatsConfig given) {
        return new GrpcStatsConfig(
                given.name(),
                own.flag("all-methods", given.allMethods()),
                own.texts("methods", given.services()),
                own.flag("emit-state", given.emitState()),
                own.flag("upstream-time", given.upstreamTime()),
                own.flag("dotless", given.dotless()));
    }

    @Override
    public GrpcStatsConfig read(String name, Msg typed, Reading envoy) {
        List<String> services = new ArrayList<>();
        typed.message("individual_method_stats_allowlist")
                .ifPresent(list -> list.messages("services").forEach(service -> {
                    for (String method : service.texts("method_names")) {
                        services.add(service.text("name") + "/" + method);
                    }
                }));
        return new GrpcStatsConfig(
                name,
                typed.flag("stats_for_all_methods", false),
                services,
                typed.flag("emit_filter_state", false),
                typed.flag("enable_upstream_stats", false),
                typed.flag("replace_dots_in_grpc_service_name", false));
    }

    @Override
    public HttpFilterFactory make(GrpcStatsConfig config, FilterContext context) {
        return new GrpcStatsFactory(config, context.stats());
    }
}
