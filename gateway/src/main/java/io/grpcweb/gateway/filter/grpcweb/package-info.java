/** The filter that turns gRPC-Web into gRPC and back (grpc doc/PROTOCOL-WEB.md). */
package io.grpcweb.gateway.filter.grpcweb;
