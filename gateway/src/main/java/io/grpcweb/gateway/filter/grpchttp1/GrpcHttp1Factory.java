package io.grpcweb.gateway.filter.grpchttp1;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.Protocol;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** Makes filters for native gRPC over HTTP/1.1 and for plain protobuf, and none for other requests. */
final class GrpcHttp1Factory implements HttpFilterFactory {
    private static final String PROTOBUF = "application/x-protobuf";

    private final GrpcHttp1Config config;

    GrpcHttp1Factory(GrpcHttp1Config config) {
        this.config = config;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE);
        boolean http1 = exchange.info().protocol != Protocol.HTTP_2;
        boolean frames = config.framesProtobuf() && type != null && PROTOBUF.contentEquals(type);
        if (frames) {
            exchange.info().format = CallFormat.GRPC;
        }
        boolean bridges = http1 && (frames || MediaType.formatOf(type) == CallFormat.GRPC);
        return frames || bridges ? new GrpcHttp1Filter(exchange, config, frames, bridges) : null;
    }
}
