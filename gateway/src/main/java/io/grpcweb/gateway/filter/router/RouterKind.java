package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.reflection.ConfiguredDescriptors;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code router}, the last one of each chain. */
public final class RouterKind implements FilterKind<RouterConfig>, DescribedFormat<RouterConfig> {

    @Override
    public Class<RouterConfig> settings() {
        return RouterConfig.class;
    }

    @Override
    public String type() {
        return "router";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.router.v3.Router");
    }

    @Override
    public List<String> olderNames() {
        return List.of("router");
    }

    @Override
    public RouterConfig usual(String name) {
        return new RouterConfig(name, true, true);
    }

    @Override
    public RouterConfig fields(Fields own, RouterConfig given) {
        return new RouterConfig(
                given.name(),
                own.flag("suppress-envoy-headers", given.suppressEnvoyHeaders()),
                own.flag("near-misses", given.nearMisses()));
    }

    @Override
    public RouterConfig read(String name, Msg typed, Reading envoy) {
        return new RouterConfig(name, typed.flag("suppress_envoy_headers", false), true);
    }

    @Override
    public HttpFilterFactory make(RouterConfig config, FilterContext context) {
        return new RouterFactory(
                context.clusters(),
                config,
                context.stats().http(context.http().statPrefix()).router,
                context.shared(),
                () -> new NearMisses(context.calls(), context.telemetry(), context.nanoTime()),
                () -> MethodNames.of(ConfiguredDescriptors.of(context.http())));
    }
}
