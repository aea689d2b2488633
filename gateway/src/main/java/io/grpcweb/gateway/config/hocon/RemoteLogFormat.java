package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import io.grpcweb.gateway.config.CollectorConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Access logs that are sent to services, in the gateway's own format: keys of a log instead of {@code to}. */
final class RemoteLogFormat {
    private static final Sink.Service SERVICE = new Sink.Service(
            CollectorFormat.USUAL,
            "access",
            AccessLogConfig.Buffer.DEFAULT,
            List.of(),
            List.of(),
            List.of(),
            List.of());
    private static final Sink.OpenTelemetry OTLP = new Sink.OpenTelemetry(
            CollectorFormat.USUAL,
            "",
            AccessLogConfig.Buffer.DEFAULT,
            Map.of("service.name", "grpc-web-gateway"),
            Map.of(),
            List.of());

    private RemoteLogFormat() {}

    /** The service that is written; empty where none is. */
    static Optional<Sink> sink(Fields own, Sink given) {
        Optional<Sink> written = Optional.of(given);
        Optional<Sink.Service> service =
                own.section("als", Either.part(written, Sink.Service.class), SERVICE, RemoteLogFormat::service);
        Optional<Sink.OpenTelemetry> otlp = own.section(
                "otlp", Either.part(written, Sink.OpenTelemetry.class), OTLP, RemoteLogFormat::openTelemetry);
        if (service.isPresent() && otlp.isPresent()) {
            own.error("otlp", "'als' is written as well: a log goes to one of them");
        }
        return service.isPresent() ? service.map(Sink.class::cast) : otlp.map(Sink.class::cast);
    }

    private static Sink.Service service(Fields own, Sink.Service given) {
        CollectorConfig collector = CollectorFormat.fields(own, given.collector());
        if (collector instanceof CollectorConfig.Http) {
            own.error("path", "Envoy's access log service is asked over gRPC");
        }
        return new Sink.Service(
                collector,
                own.text("name", given.name()),
                buffer(own, given.buffer()),
                names(own, "request-fields", given.requestHeaders()),
                names(own, "response-fields", given.responseHeaders()),
                names(own, "trailer-fields", given.responseTrailers()),
                TagFormat.tags(own, "tags", given.tags()));
    }

    private static List<String> names(Fields own, String key, List<String> given) {
        return own.texts(key, given).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static AccessLogConfig.Buffer buffer(Fields own, AccessLogConfig.Buffer given) {
        return new AccessLogConfig.Buffer(
                own.bytes("buffer", given.bytes()), own.duration("interval", given.interval()));
    }

    private static Sink.OpenTelemetry openTelemetry(Fields own, Sink.OpenTelemetry given) {
        return new Sink.OpenTelemetry(
                CollectorFormat.fields(own, given.collector()),
                own.text("name", given.name()),
                buffer(own, given.buffer()),
                texts(own.map("resource", given.resource())),
                values(own.map("attributes", given.attributes())),
                TagFormat.tags(own, "tags", given.tags()));
    }

    /** A key with dots is a path in HOCON, and one name of OpenTelemetry. */
    static Map<String, String> texts(Map<?, ?> map) {
        Map<String, String> found = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value instanceof Map<?, ?> below) {
                texts(below).forEach((rest, text) -> found.put(name + "." + rest, text));
            } else {
                found.put((String) name, String.valueOf(value));
            }
        });
        return found;
    }

    private static Map<String, Object> values(Map<?, ?> map) {
        Map<String, Object> found = new LinkedHashMap<>();
        map.forEach((name, value) -> found.put((String) name, value));
        return found;
    }
}
