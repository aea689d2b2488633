package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.FilterConfig;

/**
 * Forwards the request to the cluster of its route.
 *
 * @param suppressEnvoyHeaders whether the {@code x-envoy-*} fields are left out
 * @param nearMisses whether a caller of a method that the backend does not have is told a similar one, in the own error format
 */
public record RouterConfig(String name, boolean suppressEnvoyHeaders, boolean nearMisses) implements FilterConfig {

    @Override
    public boolean terminal() {
        return true;
    }
}
