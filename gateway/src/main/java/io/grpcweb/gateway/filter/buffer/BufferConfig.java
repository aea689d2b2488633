package io.grpcweb.gateway.filter.buffer;

import io.grpcweb.gateway.config.FilterConfig;

/**
 * How much of a request is held.
 *
 * @param most bytes of a body; a longer one is refused. 0 holds nothing, where the filter is off
 */
public record BufferConfig(String name, int most) implements FilterConfig {}
