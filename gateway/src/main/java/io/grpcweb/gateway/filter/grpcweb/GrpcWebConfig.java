package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.config.FilterConfig;

/** Translates gRPC-Web to gRPC and back. */
public record GrpcWebConfig(String name) implements FilterConfig {}
