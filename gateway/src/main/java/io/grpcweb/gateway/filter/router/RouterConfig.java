package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.FilterConfig;

/**
 * Forwards the request to the cluster of its route.
 *
 * @param suppressEnvoyHeaders whether the {@code x-envoy-*} fields are left out
 */
public record RouterConfig(String name, boolean suppressEnvoyHeaders) implements FilterConfig {

    @Override
    public boolean terminal() {
        return true;
    }
}
