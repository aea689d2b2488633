package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;

/** A request to the admin listener as the access log sees it. */
final class LoggedRequest {
    private LoggedRequest() {}

    static StreamInfo of(Channel channel, FullHttpRequest request) {
        StreamInfo info = new StreamInfo(
                new ConnectionInfo(0, "admin", channel.localAddress(), channel.remoteAddress(), null, null),
                System.nanoTime());
        info.protocol = Protocol.of(request.protocolVersion());
        info.requestHeaders = fields(request.headers());
        info.requestHeaders.method(request.method().name()).path(request.uri());
        String host = request.headers().get("host");
        if (host != null) {
            info.requestHeaders.authority(host);
        }
        info.originalPath = request.uri();
        info.bytesReceived = request.content().readableBytes();
        info.lastRequestByteNanos = info.startNanos;
        return info;
    }

    static void answered(StreamInfo info, FullHttpResponse response) {
        info.responseCode = response.status().code();
        info.responseHeaders = fields(response.headers());
        info.bytesSent = response.content().readableBytes();
        info.firstResponseByteNanos = System.nanoTime();
    }

    private static Http2Headers fields(HttpHeaders headers) {
        Http2Headers fields = new DefaultHttp2Headers(false);
        headers.forEach(field -> fields.add(field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
        return fields;
    }
}
