package io.grpcweb.gateway.filter.csrf;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.StringMatch;
import java.util.List;

/**
 * Which pages may make calls that change something.
 *
 * @param enabled share of requests that are refused where their source is not allowed, 0 to 1
 * @param shadow share of the others whose source is only counted, 0 to 1
 * @param additionalOrigins hosts with their ports that may call beside the one that is called
 */
public record CsrfConfig(String name, double enabled, double shadow, List<StringMatch> additionalOrigins)
        implements FilterConfig {
    public CsrfConfig {
        additionalOrigins = List.copyOf(additionalOrigins);
    }
}
