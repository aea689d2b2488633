package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.Optional;

/** Reads filters that stand in the gateway's own format as messages of Envoy: {@code type = envoy}. */
public interface TypedFilters {

    /** The filter in {@code typed-config}; empty where it is broken, which is reported to the section. */
    Optional<FilterConfig> read(String name, Section own);

    /** What the {@code typed-config} of a route makes of a filter of its listener; empty where it is broken. */
    Optional<FilterConfig> onRoute(FilterConfig listener, Section own);
}
