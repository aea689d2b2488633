package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.FilterConfig;

/** Answers preflights and adds the CORS fields to responses, by the policy of the route. */
public record CorsConfig(String name) implements FilterConfig {}
