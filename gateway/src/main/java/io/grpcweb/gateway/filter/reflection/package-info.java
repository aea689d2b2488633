/**
 * Descriptors that backends tell by themselves, over gRPC server reflection (grpc doc/server-reflection.md): how they are asked for, and kept.
 * Filters that need a schema share it.
 */
package io.grpcweb.gateway.filter.reflection;
