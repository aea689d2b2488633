package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.format.HeaderOperators;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.telemetry.export.Envelope;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/** An entry as {@code envoy.data.accesslog.v3.HTTPAccessLogEntry}. */
final class HttpEntry implements LogEntry {
    static final String METHOD = "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

    private static final List<String> METHODS =
            List.of("", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private final Sink.Service sink;
    private final CommonProperties common;

    HttpEntry(Sink.Service sink, Substitution.Compiler compiler) {
        this.sink = sink;
        this.common = new CommonProperties(new OwnTagValues(sink.tags(), compiler));
    }

    /** A {@code StreamAccessLogsMessage} that says who sends it; a stream has one message. */
    static Envelope envelope(GatewayConfig.Node node, String name) {
        ProtoWriter out = new ProtoWriter();
        int identifier = out.open(1);
        int who = out.open(1);
        out.text(1, node.id()).text(2, node.cluster());
        GatewayConfig.Node.Locality place = node.locality();
        if (!place.equals(GatewayConfig.Node.Locality.NOWHERE)) {
            int locality = out.open(4);
            out.text(1, place.region()).text(2, place.zone()).text(3, place.subZone());
            out.close(locality);
        }
        out.text(6, "grpc-web-gateway");
        out.close(who);
        out.text(2, name);
        out.close(identifier);
        return new Envelope(List.of(new Envelope.Level(0, out.copy()), new Envelope.Level(2, new byte[0])));
    }

    @Override
    public void write(StreamInfo info, ProtoWriter out) {
        int entry = out.open(1);
        common.write(1, info, out);
        out.whole(2, version(info.protocol));
        request(info, out);
        response(info, out);
        out.close(entry);
    }

    private static int version(Protocol protocol) {
        return protocol == null
                ? 0
                : switch (protocol) {
                    case HTTP_1_0 -> 1;
                    case HTTP_1_1 -> 2;
                    case HTTP_2 -> 3;
                };
    }

    private void request(StreamInfo info, ProtoWriter out) {
        Http2Headers head = info.requestHeaders;
        int request = out.open(3);
        if (head.method() != null) {
            out.whole(1, Math.max(0, METHODS.indexOf(head.method().toString())));
        }
        out.text(2, head.scheme()).text(3, head.authority()).text(5, path(info));
        out.text(6, head.get("user-agent")).text(7, head.get("referer"));
        out.text(8, head.get("x-forwarded-for")).text(9, head.get("x-request-id"));
        out.text(10, head.get("x-envoy-original-path"));
        out.whole(11, HeaderOperators.bytes(head)).whole(12, info.bytesReceived);
        fields(13, head, sink.requestHeaders(), out);
        out.close(request);
    }

    /** With the query that a backend of gRPC is not sent. */
    private static CharSequence path(StreamInfo info) {
        CharSequence path = info.requestHeaders.path();
        String original = info.originalPath;
        return path != null
                        && original != null
                        && original.indexOf('?') == path.length()
                        && original.startsWith(path.toString())
                ? original
                : path;
    }

    private void response(StreamInfo info, ProtoWriter out) {
        int response = out.open(4);
        if (info.responseCode != 0) {
            int code = out.open(1);
            out.whole(1, info.responseCode);
            out.close(code);
        }
        out.whole(2, HeaderOperators.bytes(info.responseHeaders)).whole(3, info.bytesSent);
        fields(4, info.responseHeaders, sink.responseHeaders(), out);
        if (!info.format.isGrpcWeb()) {
            // In gRPC-Web the trailers are part of the body.
            fields(5, info.responseTrailers, sink.responseTrailers(), out);
        }
        out.text(6, info.details == null ? null : info.details.toString());
        out.close(response);
    }

    private static void fields(int field, Http2Headers from, List<String> names, ProtoWriter out) {
        if (from == null) {
            return;
        }
        for (String name : names) {
            CharSequence value = FieldValues.joined(from, name);
            if (value != null) {
                int entry = out.open(field);
                out.text(1, name).text(2, value);
                out.close(entry);
            }
        }
    }
}
