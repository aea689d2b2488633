package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceType;
import java.util.List;

/** Reads texts that hold resources: a {@code DiscoveryResponse} as YAML or JSON. */
@FunctionalInterface
public interface ResourceFiles {

    /** What such a text holds. */
    record Text(String version, List<Resource> resources) {}

    /**
     * Reads it.
     *
     * @param name of the text in errors
     * @throws SourceException says everything that is wrong with it
     */
    Text read(String name, byte[] text, ResourceType type) throws SourceException;
}
