package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.format.LogFormat;
import io.grpcweb.gateway.format.OwnFields;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.telemetry.export.Envelope;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** An entry as {@code opentelemetry.proto.logs.v1.LogRecord}. */
final class LogRecord implements LogEntry {
    static final String METHOD = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

    private static final int IN_SCOPE = 2;
    private static final int BODY = 5;
    private static final int ATTRIBUTES = 6;

    private final AnyValue body;
    private final Map<String, AnyValue> attributes;
    private final OwnTagValues tags;

    LogRecord(Sink.OpenTelemetry sink, Format format, Substitution.Compiler compiler) {
        this.body = body(format, compiler);
        this.attributes = AnyValue.members(sink.attributes(), compiler);
        this.tags = new OwnTagValues(sink.tags(), compiler);
    }

    private static AnyValue body(Format format, Substitution.Compiler compiler) {
        if (format instanceof Format.Text text) {
            return text.format().isEmpty() ? null : AnyValue.of(text.format(), compiler);
        }
        if (format instanceof Format.Json json) {
            return AnyValue.of(json.fields(), compiler);
        }
        return format instanceof Format.Own
                ? AnyValue.of(OwnFields.all(), compiler)
                : AnyValue.of(LogFormat.DEFAULT.strip(), compiler);
    }

    /** The request around records of a log. */
    static Envelope envelope(Sink.OpenTelemetry sink, GatewayConfig.Node node) {
        Map<String, String> resource = new TreeMap<>(sink.resource());
        if (!sink.name().isEmpty()) {
            resource.put("log_name", sink.name());
            resource.put("zone_name", node.locality().zone());
            resource.put("cluster_name", node.cluster());
            resource.put("node_name", node.id());
        }
        ProtoWriter out = new ProtoWriter();
        int fields = out.open(1);
        resource.forEach((name, value) -> AnyValue.text(1, name, value, out));
        out.close(fields);
        return Envelope.otlp(out.copy(), new byte[0]);
    }

    @Override
    public void write(StreamInfo info, ProtoWriter out) {
        int entry = out.open(IN_SCOPE);
        out.fixed64(1, TimeUnit.MILLISECONDS.toNanos(info.startMillis));
        if (body != null) {
            int value = out.open(BODY);
            body.write(info, out);
            out.close(value);
        }
        attributes.forEach((name, value) -> AnyValue.member(ATTRIBUTES, name, value, info, out));
        tags.forEach(info, (name, value) -> AnyValue.text(ATTRIBUTES, name, value, out));
        if (info.trace != null && info.trace.traceId() != null) {
            out.oneBytes(9, HexFormat.of().parseHex(info.trace.traceId()));
            out.oneBytes(10, HexFormat.of().parseHex(info.trace.spanId()));
        }
        out.close(entry);
    }
}
