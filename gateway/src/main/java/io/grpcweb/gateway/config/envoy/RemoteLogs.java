package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import io.grpcweb.gateway.config.CollectorConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Access logs that are sent to services. */
final class RemoteLogs {
    private static final String GRPC = "envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig";
    private static final String OTLP = "envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig";

    private final Reading reading;
    private final Collectors collectors;
    private final ResourceDetectors detectors;

    RemoteLogs(Reading reading) {
        this.reading = reading;
        this.collectors = new Collectors(reading);
        this.detectors = new ResourceDetectors(reading);
    }

    static boolean knows(Msg typed) {
        return typed.type().equals(GRPC) || typed.type().equals(OTLP);
    }

    Optional<Sink> read(Msg typed) {
        return typed.type().equals(GRPC) ? grpc(typed) : otlp(typed);
    }

    private Optional<Sink> grpc(Msg typed) {
        return typed.message("common_config").flatMap(common -> collectors
                .grpc(common)
                .map(collector -> new Sink.Service(
                        collector,
                        common.text("log_name"),
                        buffer(common),
                        names(typed, "additional_request_headers_to_log"),
                        names(typed, "additional_response_headers_to_log"),
                        names(typed, "additional_response_trailers_to_log"),
                        CustomTags.read(common, reading))));
    }

    private static List<String> names(Msg typed, String field) {
        return typed.texts(field).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    /** The fields of {@code common_config} are older names of those beside it, which count first. */
    private Optional<Sink> otlp(Msg typed) {
        Msg common = typed.message("common_config").orElse(typed);
        boolean own = typed.has("grpc_service") || typed.has("http_service");
        Optional<CollectorConfig> collector = collectors.read(own ? typed : common);
        if (collector.isEmpty()) {
            if (!reading.problems.any()) {
                reading.error(typed, "", "needs grpc_service or http_service");
            }
            return Optional.empty();
        }
        Map<String, String> resource = new LinkedHashMap<>(detectors.read(typed));
        typed.message("resource_attributes").ifPresent(list -> values(list).forEach((name, value) -> {
            if (value instanceof String text) {
                resource.put(name, text);
            } else {
                reading.error(typed, "resource_attributes", "'" + name + "' is no text");
            }
        }));
        return Optional.of(new Sink.OpenTelemetry(
                collector.get(),
                typed.flag("disable_builtin_labels", false)
                        ? ""
                        : typed.filled("log_name").orElse(common.text("log_name")),
                buffer(typed.has("buffer_size_bytes") || typed.has("buffer_flush_interval") ? typed : common),
                resource,
                typed.message("attributes").map(this::values).orElse(Map.of()),
                CustomTags.read(typed.has("custom_tags") ? typed : common, reading)));
    }

    /** What the body of an entry says; entries of Envoy's service have none. */
    Format format(Msg typed) {
        Optional<Object> body = typed.type().equals(OTLP)
                ? typed.message("body").flatMap(value -> value(value, "body"))
                : Optional.empty();
        if (body.isPresent() && body.get() instanceof Map<?, ?> map) {
            Map<String, Object> fields = new LinkedHashMap<>();
            map.forEach((name, value) -> fields.put((String) name, value));
            return new Format.Json(fields, false);
        }
        if (body.isPresent() && body.get() instanceof List<?>) {
            reading.error(typed, "body", "a list has no names: write kvlist_value");
        }
        return new Format.Text(body.isPresent() && body.get() instanceof String text ? text : "", false);
    }

    private static AccessLogConfig.Buffer buffer(Msg owner) {
        AccessLogConfig.Buffer usual = AccessLogConfig.Buffer.DEFAULT;
        return new AccessLogConfig.Buffer(
                owner.integer("buffer_size_bytes", usual.bytes()),
                owner.duration("buffer_flush_interval", usual.interval()));
    }

    /** An {@code opentelemetry.proto.common.v1.KeyValueList}. */
    private Map<String, Object> values(Msg list) {
        Map<String, Object> found = new LinkedHashMap<>();
        for (Msg one : list.messages("values")) {
            one.message("value")
                    .flatMap(value -> value(value, one.text("key")))
                    .ifPresent(value -> found.put(one.text("key"), value));
        }
        return found;
    }

    /** An {@code opentelemetry.proto.common.v1.AnyValue}: texts, lists and maps, as in Envoy. */
    private Optional<Object> value(Msg any, String name) {
        switch (any.which("value")) {
            case "string_value" -> {
                reading.checkOperators(any, "string_value", any.text("string_value"));
                return Optional.of(any.text("string_value"));
            }
            case "kvlist_value" -> {
                return any.message("kvlist_value").map(this::values);
            }
            case "array_value" -> {
                List<Object> items = new ArrayList<>();
                any.message("array_value").ifPresent(array -> array.messages("values")
                        .forEach(item -> value(item, name).ifPresent(items::add)));
                return Optional.of(items);
            }
            default -> {
                reading.error(
                        any,
                        "",
                        "Only string values, nested key value lists and array values are supported in"
                                + " OpenTelemetry access log format.");
                return Optional.empty();
            }
        }
    }
}
