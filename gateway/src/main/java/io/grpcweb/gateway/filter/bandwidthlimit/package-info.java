/** The filter {@code bandwidth-limit}: bodies pass at a rate that all calls share. */
package io.grpcweb.gateway.filter.bandwidthlimit;
