package io.grpcweb.gateway.config;

import java.util.Map;
import java.util.Optional;

/**
 * What of the configuration comes from elsewhere while the gateway serves.
 *
 * @param aggregated the stream that sources may share, if there is one
 * @param listeners where listeners come from, if they do
 * @param clusters where clusters come from, if they do
 * @param node what else the gateway says of itself: protobuf's JSON of a struct
 * @param reader reads what comes; empty where nothing does
 */
public record DynamicConfig(
        Optional<ControlPlane> aggregated,
        Optional<ResourceSource> listeners,
        Optional<ResourceSource> clusters,
        Map<String, Object> node,
        Optional<ResourceReader> reader) {

    /** Nothing: all of it stands in the configuration. */
    public static final DynamicConfig NONE =
            new DynamicConfig(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());

    /** The same, read by another reader. */
    public DynamicConfig with(ResourceReader otherReader) {
        return new DynamicConfig(aggregated, listeners, clusters, node, Optional.of(otherReader));
    }

    /** Whether anything may come from elsewhere. */
    public boolean isPresent() {
        return listeners.isPresent() || clusters.isPresent() || aggregated.isPresent();
    }

    /** Whether both say that the same comes from the same places. */
    public boolean isSame(DynamicConfig other) {
        return aggregated.equals(other.aggregated)
                && listeners.equals(other.listeners)
                && clusters.equals(other.clusters)
                && node.equals(other.node);
    }
}
