package io.grpcweb.gateway.filter.grpchttp1;

import io.grpcweb.gateway.config.FilterConfig;

/**
 * Native gRPC over HTTP/1.1.
 *
 * @param framesProtobuf whether a body of {@code application/x-protobuf} becomes a message of gRPC
 * @param ignoresQuery whether the query of a path goes no further
 * @param mostBytes of a response that is held until its trailers have come, 1 or more
 */
public record GrpcHttp1Config(String name, boolean framesProtobuf, boolean ignoresQuery, int mostBytes)
        implements FilterConfig {}
