package io.grpcweb.gateway.filter.bandwidthlimit;

import io.grpcweb.gateway.filter.ByteRate;

/**
 * What the calls of one place of the configuration share.
 *
 * @param sliceNanos how often bodies go on
 */
record Bandwidth(ByteRate allowance, long sliceNanos) {}
