package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.format.StatusNames;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The names of OpenTelemetry's semantic conventions, version 1.45, for RPC (gRPC) and for HTTP. */
final class ConventionTags implements SpanTags {
    private static final Key SYSTEM = new Key("rpc.system.name");
    private static final Key RPC_METHOD = new Key("rpc.method");
    private static final Key RPC_STATUS = new Key("rpc.response.status_code");
    private static final Key METHOD = new Key("http.request.method");
    private static final Key STATUS = new Key("http.response.status_code");
    private static final Key RESENT = new Key("http.request.resend_count");
    private static final Key URL_PATH = new Key("url.path");
    private static final Key SCHEME = new Key("url.scheme");
    private static final Key SERVER = new Key("server.address");
    private static final Key PORT = new Key("server.port");
    private static final Key CLIENT = new Key("client.address");
    private static final Key PEER = new Key("network.peer.address");
    private static final Key PEER_PORT = new Key("network.peer.port");
    private static final Key VERSION = new Key("network.protocol.version");
    private static final Key USER_AGENT = new Key("user_agent.original");
    private static final Key ERROR = new Key("error.type");
    private static final Key FORMAT = new Key("grpcweb.format");
    private static final Key CLUSTER = new Key("grpcweb.cluster");
    private static final Key ROUTE = new Key("grpcweb.route");

    @Override
    public CharSequence name(ServerSpan span) {
        return name(span.info());
    }

    @Override
    public CharSequence name(AttemptSpan span) {
        return name(span.info());
    }

    @Override
    public CharSequence name(ServiceSpan span) {
        return span.isHttp() ? span.method() : span.method().substring(1);
    }

    @Override
    public boolean write(ServiceSpan span, Attributes to) {
        return span.isHttp() ? http(span, to) : grpc(span, to);
    }

    private static boolean http(ServiceSpan span, Attributes to) {
        int status = span.httpStatus();
        to.text(METHOD, span.method());
        to.text(CLUSTER, span.cluster());
        if (status == 0) {
            to.text(ERROR, "cancelled");
            return true;
        }
        to.number(STATUS, status);
        if (status >= 400) {
            to.text(ERROR, Integer.toString(status));
        }
        return status >= 400;
    }

    private static boolean grpc(ServiceSpan span, Attributes to) {
        to.text(SYSTEM, "grpc");
        to.text(RPC_METHOD, span.method().substring(1));
        to.text(CLUSTER, span.cluster());
        boolean failed = span.status() != GrpcStatus.OK;
        if (span.status() != null) {
            to.text(RPC_STATUS, StatusNames.snake(span.status().code()));
        }
        if (failed) {
            to.text(
                    ERROR,
                    span.status() == null
                            ? "cancelled"
                            : StatusNames.snake(span.status().code()));
        }
        return failed;
    }

    /** A path of HTTP may be anything and names no span. */
    private static CharSequence name(StreamInfo info) {
        return GrpcErrors.isGrpc(info) ? method(info) : info.requestHeaders.method();
    }

    private static CharSequence method(StreamInfo info) {
        String path = info.originalPath;
        int query = path.indexOf('?');
        return path.substring(path.startsWith("/") ? 1 : 0, query < 0 ? path.length() : query);
    }

    @Override
    public boolean write(ServerSpan span, Attributes to) {
        StreamInfo info = span.info();
        boolean grpc = GrpcErrors.isGrpc(info);
        call(info, to);
        to.text(SCHEME, info.requestHeaders.scheme());
        server(info.requestHeaders.authority(), to);
        to.text(CLIENT, info.clientAddress == null ? info.connection.remoteHost() : info.clientAddress);
        peer(info.connection.remote(), to);
        to.text(VERSION, info.protocol == null ? null : version(info.protocol.toString()));
        to.text(USER_AGENT, info.requestHeaders.get(HttpHeaderNames.USER_AGENT));
        to.text(FORMAT, grpc ? info.format.label() : null);
        to.text(CLUSTER, info.cluster);
        to.text(ROUTE, info.routeName.isEmpty() ? null : info.routeName);
        String error = null;
        if (grpc && info.grpcStatus >= 0) {
            to.text(RPC_STATUS, StatusNames.snake(info.grpcStatus));
            error = GrpcErrors.isServerError(info.grpcStatus) ? StatusNames.snake(info.grpcStatus) : null;
        } else if (info.responseCode > 0) {
            to.number(STATUS, info.responseCode);
            error = info.responseCode >= 500 ? Integer.toString(info.responseCode) : null;
        }
        if (error == null && info.aborted) {
            error = info.details == null ? "aborted" : info.details.toString();
        }
        to.text(ERROR, error);
        return error != null;
    }

    @Override
    public boolean write(AttemptSpan span, Attributes to) {
        StreamInfo info = span.info();
        call(info, to);
        if (span.endpoint() instanceof InetSocketAddress endpoint) {
            to.text(SERVER, span.host() == null ? endpoint.getHostString() : span.host());
            to.number(PORT, endpoint.getPort());
        }
        peer(span.endpoint(), to);
        to.text(
                VERSION,
                span.protocol() == null ? null : version(span.protocol().toString()));
        to.text(CLUSTER, span.cluster());
        if (span.number() > 1) {
            to.number(RESENT, span.number() - 1L);
        }
        String error = null;
        if (span.failure() != null) {
            error = span.failure().text();
        } else if (span.isGivenUp()) {
            error = "cancelled";
        } else if (span.grpcStatus() >= 0) {
            to.text(RPC_STATUS, StatusNames.snake(span.grpcStatus()));
            error = span.grpcStatus() == 0 ? null : StatusNames.snake(span.grpcStatus());
        } else if (span.status() > 0) {
            to.number(STATUS, span.status());
            error = span.status() >= 400 ? Integer.toString(span.status()) : null;
        }
        to.text(ERROR, error);
        return error != null;
    }

    private static void call(StreamInfo info, Attributes to) {
        if (GrpcErrors.isGrpc(info)) {
            to.text(SYSTEM, "grpc");
            to.text(RPC_METHOD, method(info));
        } else {
            to.text(METHOD, info.requestHeaders.method());
            CharSequence path = method(info);
            to.text(URL_PATH, "/" + path);
        }
    }

    /** The authority without its port, and the port; an address of IPv6 keeps its brackets. */
    private static void server(CharSequence authority, Attributes to) {
        if (authority == null) {
            return;
        }
        String text = authority.toString();
        int colon = text.lastIndexOf(':');
        boolean port = colon > text.lastIndexOf(']') && colon < text.length() - 1;
        int number = port ? GrpcStatus.parse(text.substring(colon + 1)) : -1;
        to.text(SERVER, number < 0 ? text : text.substring(0, colon));
        if (number >= 0) {
            to.number(PORT, number);
        }
    }

    private static void peer(SocketAddress address, Attributes to) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            to.text(PEER, inet.getAddress().getHostAddress());
            to.number(PEER_PORT, inet.getPort());
        }
    }

    private static String version(String protocol) {
        return protocol.substring(protocol.indexOf('/') + 1);
    }
}
