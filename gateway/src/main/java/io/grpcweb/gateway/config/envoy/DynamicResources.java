package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.DynamicConfig;
import io.grpcweb.gateway.config.ResourceReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What of a bootstrap says that listeners and clusters come from elsewhere. */
final class DynamicResources {
    private final Reading reading;

    DynamicResources(Reading reading) {
        this.reading = reading;
    }

    /**
     * To be read when the static clusters are known.
     *
     * @param node the node as protobuf's JSON
     * @param reader reads what will come
     */
    DynamicConfig read(Msg bootstrap, Map<String, Object> node, ResourceReader reader) {
        Optional<Msg> dynamic = bootstrap.message("dynamic_resources");
        if (dynamic.isEmpty()) {
            // Static listeners and clusters may name files of resources all the same.
            return new DynamicConfig(
                    Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.of(reader));
        }
        ConfigSources sources = new ConfigSources(reading);
        Optional<ControlPlane> aggregated = dynamic.get().message("ads_config").flatMap(sources::plane);
        DynamicConfig config = new DynamicConfig(
                aggregated,
                sources.read(dynamic.get(), "lds_config"),
                sources.read(dynamic.get(), "cds_config"),
                metadata(node),
                Optional.of(reader));
        requireAggregated(dynamic.get(), "lds_config");
        requireAggregated(dynamic.get(), "cds_config");
        return config;
    }

    private void requireAggregated(Msg dynamic, String field) {
        boolean ads = dynamic.message(field).map(source -> source.has("ads")).orElse(false);
        if (ads && !dynamic.has("ads_config")) {
            reading.error(dynamic, field, "ads is the stream of dynamic_resources.ads_config, and there is none");
        }
    }

    private static Map<String, Object> metadata(Map<String, Object> node) {
        Map<String, Object> found = new LinkedHashMap<>();
        if (node.get("metadata") instanceof Map<?, ?> struct) {
            struct.forEach((key, value) -> found.put(key.toString(), value));
        }
        return found;
    }
}
