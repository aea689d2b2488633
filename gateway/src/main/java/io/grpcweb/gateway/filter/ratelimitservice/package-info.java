/**
 * The filter {@code rate-limit-service}: a service counts requests for all gateways (envoy/service/ratelimit/v3), by the
 * descriptors that the rate limits of a route make. The request waits for its answer.
 */
package io.grpcweb.gateway.filter.ratelimitservice;
