/**
 * Descriptors that backends tell by themselves, over gRPC server reflection (grpc doc/server-reflection.md): how they are asked for, and kept;
 * and those that the configuration names in their place. Whatever needs a schema shares it.
 */
package io.grpcweb.gateway.filter.reflection;
