package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One access log.
 *
 * @param sink where lines go
 * @param format how a line looks
 * @param filter which requests are logged; absent means all
 */
public record AccessLogConfig(Sink sink, Format format, Optional<Filter> filter) {

    /** Whether it says how many bytes went to backends and came from them, which somebody has to count for it. */
    public boolean namesUpstreamBytes() {
        // Texts with operators stand in many places; the text of the record has all of them.
        String all = toString();
        return all.contains("%UPSTREAM_WIRE_BYTES_") || all.contains("%UPSTREAM_HEADER_BYTES_");
    }

    /** Where lines go. */
    public sealed interface Sink {

        /** To this machine, as text. */
        sealed interface Local extends Sink {}

        /** To a service, as messages. */
        sealed interface Remote extends Sink {
            CollectorConfig collector();

            Buffer buffer();
        }

        record File(String path) implements Local {}

        record Stdout() implements Local {}

        record Stderr() implements Local {}

        /**
         * Envoy's access log service, which gets all facts of a call whatever the format is.
         *
         * @param name of the log
         * @param requestHeaders lower-case names of fields that are sent as well
         * @param responseHeaders the same of responses
         * @param responseTrailers the same of their trailers
         */
        record Service(
                CollectorConfig collector,
                String name,
                Buffer buffer,
                List<String> requestHeaders,
                List<String> responseHeaders,
                List<String> responseTrailers,
                List<TagRule> tags)
                implements Remote {
            public Service {
                requestHeaders = List.copyOf(requestHeaders);
                responseHeaders = List.copyOf(responseHeaders);
                responseTrailers = List.copyOf(responseTrailers);
                tags = List.copyOf(tags);
            }
        }

        /**
         * A collector of OTLP; the line is the body of the record.
         *
         * @param name of the log, where the resource has it and the identity of the gateway; empty for neither
         * @param resource what the records are from
         * @param attributes texts with operators, or maps and lists of such
         */
        record OpenTelemetry(
                CollectorConfig collector,
                String name,
                Buffer buffer,
                Map<String, String> resource,
                Map<String, Object> attributes,
                List<TagRule> tags)
                implements Remote {
            public OpenTelemetry {
                resource = Collections.unmodifiableMap(new TreeMap<>(resource));
                attributes = Format.Json.sorted(attributes);
                tags = List.copyOf(tags);
            }
        }
    }

    /**
     * When entries are sent, counted for each event loop.
     *
     * @param bytes so many are sent at once
     * @param interval none waits longer
     */
    public record Buffer(int bytes, Duration interval) {
        /** Envoy's. */
        public static final Buffer DEFAULT = new Buffer(16384, Duration.ofSeconds(1));
    }

    /** How a line looks: operators are written {@code %NAME(ARGUMENT):LENGTH%}. */
    public sealed interface Format {
        /** Envoy's default line. */
        record Default() implements Format {}

        /** One flat JSON object a call: what the gateway's own format writes where nothing else is asked for. */
        record Own() implements Format {}

        record Text(String format, boolean omitEmpty) implements Format {}

        /** Values are texts with operators, or maps and lists of such; the names are written in their sorted order. */
        record Json(Map<String, Object> fields, boolean omitEmpty) implements Format {
            public Json {
                fields = sorted(fields);
            }

            /** As Envoy does, whose maps have no order; so a log has the same lines whichever file it came from. */
            private static Map<String, Object> sorted(Map<?, ?> fields) {
                Map<String, Object> sorted = new TreeMap<>();
                fields.forEach((name, value) -> sorted.put((String) name, inside(value)));
                return Collections.unmodifiableMap(sorted);
            }

            private static Object inside(Object value) {
                if (value instanceof Map<?, ?> map) {
                    return sorted(map);
                }
                return value instanceof List<?> list
                        ? list.stream().map(Json::inside).toList()
                        : value;
            }
        }
    }

    /** Which requests are logged. */
    public sealed interface Filter {
        record StatusCode(Comparison comparison) implements Filter {}

        /** Milliseconds. */
        record DurationMillis(Comparison comparison) implements Filter {}

        record NotHealthCheck() implements Filter {}

        /** Flags as they are written, such as {@code UF}; empty means any flag. */
        record ResponseFlag(List<String> flags) implements Filter {}

        /** gRPC statuses by number. */
        record GrpcStatus(List<Integer> statuses, boolean exclude) implements Filter {}

        record Header(RouteConfig.HeaderMatch match) implements Filter {}

        /** Share of requests, 0 to 1. */
        record Fraction(double share) implements Filter {}

        record And(List<Filter> filters) implements Filter {}

        record Or(List<Filter> filters) implements Filter {}
    }

    /** A comparison with a number. */
    public record Comparison(Op op, long value) {
        /** Envoy's operators. */
        public enum Op {
            EQ,
            GE,
            LE,
            NE
        }
    }
}
