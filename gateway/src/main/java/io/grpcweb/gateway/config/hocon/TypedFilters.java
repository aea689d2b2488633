package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.ResourceReader;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what is a message of Envoy where the rest is in the gateway's own format: filters of {@code type = envoy}, and what a
 * control plane sends.
 */
public interface TypedFilters {

    /** The filter in {@code typed-config}; empty where it is broken, which is reported to the section. */
    Optional<FilterConfig> read(String name, Section own);

    /** What the {@code typed-config} of a route makes of a filter of its listener; empty where it is broken. */
    Optional<FilterConfig> onRoute(FilterConfig listener, Section own);

    /**
     * Reads what a control plane sends.
     *
     * @param clusters the names of those that stand in the configuration
     */
    ResourceReader resources(Set<String> clusters);
}
