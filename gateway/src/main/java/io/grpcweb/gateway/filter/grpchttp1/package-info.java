/** The filter {@code grpc-http1}: native gRPC for clients over HTTP/1.1 that cannot read trailers. */
package io.grpcweb.gateway.filter.grpchttp1;
