package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.TlsFacts;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Exchanges that have ended. */
public final class Calls {
    private Calls() {}

    /** A unary gRPC-Web call that took 70 ms and went well. */
    public static StreamInfo unary() {
        return over(null);
    }

    /** The same on a connection with TLS; null for cleartext. */
    public static StreamInfo over(TlsFacts tls) {
        ConnectionInfo connection = new ConnectionInfo(
                7,
                "web",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 50404),
                tls,
                null);
        StreamInfo info = new StreamInfo(connection, 1_000_000_000);
        info.protocol = Protocol.HTTP_1_1;
        info.format = CallFormat.GRPC_WEB;
        info.originalPath = "/ops.Echo/Unary?q=7";
        info.requestHeaders = new DefaultHttp2Headers(false)
                .method("POST")
                .path("/ops.Echo/Unary")
                .authority("ops.example")
                .set("user-agent", "test");
        info.responseHeaders =
                new DefaultHttp2Headers(false).status("200").set("content-type", "application/grpc-web+proto");
        info.responseTrailers = new DefaultHttp2Headers(false).set("grpc-status", "0");
        info.routeName = "echo";
        info.cluster = "echo";
        info.upstreamHost = "localhost";
        info.upstreamRemote = new InetSocketAddress(InetAddress.getLoopbackAddress(), 50051);
        info.attempts = 1;
        info.responseCode = 200;
        info.grpcStatus = 0;
        info.details = Details.VIA_UPSTREAM;
        info.bytesReceived = 10;
        info.bytesSent = 30;
        info.requestMessages = 1;
        info.responseMessages = 1;
        info.lastRequestByteNanos = 1_001_000_000;
        info.firstUpstreamRxNanos = 1_060_000_000;
        info.firstResponseByteNanos = 1_065_000_000;
        info.endNanos = 1_070_900_000;
        return info;
    }
}
