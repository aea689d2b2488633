package io.grpcweb.gateway.filter.reflection;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.schema.Described;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the descriptors that the settings of filters name. */
public final class ConfiguredDescriptors {
    private ConfiguredDescriptors() {}

    /** Those of a filter chain and of its routes, each set once. */
    public static List<ProtoSchema> of(HttpConfig http) {
        Set<ProtoSchema> found = new LinkedHashSet<>();
        all(http).forEach(filter -> {
            if (filter instanceof Described settings) {
                settings.described().ifPresent(found::add);
            }
        });
        return List.copyOf(found);
    }

    private static Stream<FilterConfig> all(HttpConfig http) {
        return Stream.concat(
                http.filters().stream(),
                http.routes().virtualHosts().stream()
                        .flatMap(host -> Stream.concat(
                                replaced(host.filters()),
                                host.routes().stream().flatMap(route -> replaced(route.filters())))));
    }

    private static Stream<FilterConfig> replaced(Map<String, FilterOverride> overrides) {
        return overrides.values().stream()
                .filter(FilterOverride.Replaced.class::isInstance)
                .map(override -> ((FilterOverride.Replaced) override).filter());
    }
}
