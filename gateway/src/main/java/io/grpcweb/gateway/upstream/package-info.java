/** Clusters: their endpoints, health, circuit breakers and counters. */
package io.grpcweb.gateway.upstream;
