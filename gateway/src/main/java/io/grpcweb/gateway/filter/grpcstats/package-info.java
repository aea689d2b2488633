/** The filter that counts gRPC calls by service and method. */
package io.grpcweb.gateway.filter.grpcstats;
