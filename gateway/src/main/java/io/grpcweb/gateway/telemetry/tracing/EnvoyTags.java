package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.TracingConfig;
import io.grpcweb.gateway.format.ConnectionOperators;
import io.grpcweb.gateway.format.FlagNames;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Envoy's names (its http_tracer_impl). */
final class EnvoyTags implements SpanTags {
    private static final AsciiString DOWNSTREAM_CLUSTER = AsciiString.cached("x-envoy-downstream-service-cluster");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");

    private static final Key NODE_ID = new Key("node_id");
    private static final Key ZONE = new Key("zone");
    private static final Key REQUEST_ID = new Key("guid:x-request-id");
    private static final Key CLIENT_TRACE_ID = new Key("guid:x-client-trace-id");
    private static final Key URL = new Key("http.url");
    private static final Key METHOD = new Key("http.method");
    private static final Key CALLER = new Key("downstream_cluster");
    private static final Key USER_AGENT = new Key("user_agent");
    private static final Key PROTOCOL = new Key("http.protocol");
    private static final Key PEER = new Key("peer.address");
    private static final Key GRPC_PATH = new Key("grpc.path");
    private static final Key GRPC_AUTHORITY = new Key("grpc.authority");
    private static final Key GRPC_CONTENT_TYPE = new Key("grpc.content_type");
    private static final Key GRPC_TIMEOUT = new Key("grpc.timeout");
    private static final Key GRPC_STATUS = new Key("grpc.status_code");
    private static final Key GRPC_MESSAGE = new Key("grpc.message");
    private static final Key REQUEST_SIZE = new Key("request_size");
    private static final Key RESPONSE_SIZE = new Key("response_size");
    private static final Key COMPONENT = new Key("component");
    private static final Key CLUSTER = new Key("upstream_cluster");
    private static final Key CLUSTER_NAME = new Key("upstream_cluster.name");
    private static final Key ADDRESS = new Key("upstream_address");
    private static final Key STATUS = new Key("http.status_code");
    private static final Key FLAGS = new Key("response_flags");
    private static final Key ERROR = new Key("error");
    private static final Key ERROR_REASON = new Key("error.reason");
    private static final Key CANCELED = new Key("canceled");
    private static final Key RETRIES = new Key("retry.count");

    private final GatewayConfig.Node node;
    private final int pathLength;
    private final boolean egress;

    EnvoyTags(TracingConfig.Spans spans, GatewayConfig.Node node) {
        this.node = node;
        this.pathLength = spans.pathLength().orElse(256);
        this.egress = spans.egress();
    }

    @Override
    public CharSequence name(ServerSpan span) {
        return egress ? "egress " + span.info().requestHeaders.authority() : "ingress";
    }

    @Override
    public CharSequence name(AttemptSpan span) {
        return "router " + span.cluster() + " egress";
    }

    @Override
    public CharSequence name(ServiceSpan span) {
        String asked =
                span.isHttp() ? span.cluster() : span.method().substring(1).replace('/', '.');
        return "async " + asked + " egress";
    }

    @Override
    public boolean write(ServiceSpan span, Attributes to) {
        return span.isHttp() ? http(span, to) : grpc(span, to);
    }

    private static boolean http(ServiceSpan span, Attributes to) {
        to.text(COMPONENT, "proxy");
        to.text(CLUSTER, span.cluster());
        to.text(CLUSTER_NAME, span.cluster());
        if (span.httpStatus() == 0) {
            to.text(CANCELED, "true");
            return false;
        }
        to.text(STATUS, Integer.toString(span.httpStatus()));
        if (span.httpStatus() >= 500) {
            to.text(ERROR, "true");
        }
        return span.httpStatus() >= 400;
    }

    private static boolean grpc(ServiceSpan span, Attributes to) {
        to.text(COMPONENT, "proxy");
        to.text(CLUSTER, span.cluster());
        to.text(ADDRESS, span.cluster());
        if (span.status() == null) {
            to.text(CANCELED, "true");
            return false;
        }
        to.text(GRPC_STATUS, Integer.toString(span.status().code()));
        boolean failed = span.status() != GrpcStatus.OK;
        if (failed) {
            to.text(ERROR, "true");
        }
        return failed;
    }

    @Override
    public boolean write(ServerSpan span, Attributes to) {
        StreamInfo info = span.info();
        Http2Headers head = info.requestHeaders;
        to.text(NODE_ID, node.id());
        to.text(ZONE, node.locality().zone());
        to.text(REQUEST_ID, head.get(TraceReason.REQUEST_ID));
        to.text(URL, url(info, head));
        to.text(METHOD, head.method());
        to.text(CALLER, orDash(head.get(DOWNSTREAM_CLUSTER)));
        to.text(USER_AGENT, orDash(head.get(HttpHeaderNames.USER_AGENT)));
        to.text(PROTOCOL, orDash(info.protocol == null ? null : info.protocol.toString()));
        to.text(PEER, info.connection.remoteHost());
        to.text(CLIENT_TRACE_ID, head.get(Sampling.CLIENT_TRACE_ID));
        if (MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC) {
            to.text(GRPC_PATH, path(info, head.path()));
            to.text(GRPC_AUTHORITY, head.authority());
            to.text(GRPC_CONTENT_TYPE, head.get(HttpHeaderNames.CONTENT_TYPE));
            to.text(GRPC_TIMEOUT, head.get(GrpcHeaders.TIMEOUT));
        }
        to.text(REQUEST_SIZE, Long.toString(info.bytesReceived));
        to.text(RESPONSE_SIZE, Long.toString(info.bytesSent));
        common(info.cluster, info.responseCode, FlagNames.text(info), to);
        Http2Headers last = GrpcErrors.fields(info);
        boolean grpcError = last != null && grpc(last.get(GrpcHeaders.STATUS), last.get(GrpcHeaders.MESSAGE), to);
        boolean error = info.responseCode == 0 || info.responseCode >= 500 || grpcError;
        if (error) {
            to.text(ERROR, "true");
        }
        return info.responseCode >= 500 || grpcError;
    }

    @Override
    public boolean write(AttemptSpan span, Attributes to) {
        to.text(
                PROTOCOL,
                orDash(span.protocol() == null ? null : span.protocol().toString()));
        String address = ConnectionOperators.text(span.endpoint());
        to.text(ADDRESS, address);
        to.text(PEER, address);
        common(span.cluster(), span.status(), span.flags(), to);
        boolean grpcError = span.grpcStatus() >= 0 && grpc(Integer.toString(span.grpcStatus()), span.grpcMessage(), to);
        if (span.status() == 0 || span.status() >= 500 || grpcError || span.failure() != null) {
            to.text(ERROR, "true");
        }
        if (span.failure() != null) {
            to.text(ERROR_REASON, span.failure().text());
        }
        if (span.isGivenUp()) {
            to.text(CANCELED, "true");
        }
        if (span.number() > 1) {
            to.text(RETRIES, Integer.toString(span.number() - 1));
        }
        return span.status() >= 400 || span.grpcStatus() > 0;
    }

    private static void common(String cluster, int status, String flags, Attributes to) {
        to.text(COMPONENT, "proxy");
        to.text(CLUSTER, cluster);
        to.text(CLUSTER_NAME, cluster);
        to.text(STATUS, Integer.toString(status));
        to.text(FLAGS, flags);
    }

    private static boolean grpc(CharSequence status, CharSequence message, Attributes to) {
        to.text(GRPC_STATUS, status);
        to.text(GRPC_MESSAGE, message);
        return status != null && GrpcErrors.isServerError(GrpcStatus.parse(status));
    }

    private CharSequence url(StreamInfo info, Http2Headers head) {
        CharSequence scheme = head.get(FORWARDED_PROTO);
        String path = info.originalPath == null ? "" : info.originalPath;
        StringBuilder url = new StringBuilder(64)
                .append(scheme == null ? head.scheme() : scheme)
                .append("://");
        CharSequence authority = head.authority();
        return url.append(authority == null ? "" : authority).append(path, 0, Math.min(path.length(), pathLength));
    }

    /** With the query that a backend of gRPC is not sent. */
    private static CharSequence path(StreamInfo info, CharSequence path) {
        int query = info.originalPath.indexOf('?');
        return path != null && query == path.length() && info.originalPath.startsWith(path.toString())
                ? info.originalPath
                : path;
    }

    private static CharSequence orDash(CharSequence value) {
        return value == null || value.length() == 0 ? "-" : value;
    }
}
