package io.grpcweb.gateway.filter.calllimit;

import io.grpcweb.gateway.config.FilterConfig;

/**
 * A limit of calls in flight.
 *
 * @param most calls at a time, 1 or more; those of all routes that have the same settings from one place count together
 * @param status the HTTP status of a refusal, 400 to 599
 */
public record CallLimitConfig(String name, int most, int status) implements FilterConfig {
    static final int USUAL_STATUS = 429;
}
