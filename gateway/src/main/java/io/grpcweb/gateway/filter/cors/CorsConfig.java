package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.Optional;

/**
 * Answers preflights and adds the CORS fields to responses.
 *
 * @param policy absent: the filter does nothing; that of the listener's list has none, since policies are settings of routes
 */
public record CorsConfig(String name, Optional<CorsPolicy> policy) implements FilterConfig {

    @Override
    public boolean crossOrigin() {
        return policy.isPresent();
    }
}
