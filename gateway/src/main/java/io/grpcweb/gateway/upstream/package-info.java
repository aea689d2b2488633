/** Clusters and their endpoints: discovery, load balancing, health, limits, retries, and the connections to backends. */
package io.grpcweb.gateway.upstream;
