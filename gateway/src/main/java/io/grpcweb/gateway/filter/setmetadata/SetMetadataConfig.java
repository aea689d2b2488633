package io.grpcweb.gateway.filter.setmetadata;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.Metadata;
import java.util.List;

/** Metadata for each call, in this order. */
public record SetMetadataConfig(String name, List<Addition> entries) implements FilterConfig {
    public SetMetadataConfig {
        entries = List.copyOf(entries);
    }

    /**
     * A structure.
     *
     * @param overwrite whether it is merged with what the namespace has already; else it is left out there
     */
    record Addition(String namespace, Metadata value, boolean overwrite) {}
}
