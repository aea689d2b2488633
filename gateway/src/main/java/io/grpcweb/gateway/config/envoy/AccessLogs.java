package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.AccessLogConfig.Filter;
import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Access logs: where they go, how a line looks, and which requests they are for. */
final class AccessLogs {
    private static final String FILE = "envoy.extensions.access_loggers.file.v3.FileAccessLog";
    private static final String STDOUT = "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog";
    private static final String STDERR = "envoy.extensions.access_loggers.stream.v3.StderrAccessLog";

    private static final List<String> STATUSES = List.of(
            "OK",
            "CANCELED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    private final Reading reading;
    private final Matchers matchers;
    private final RemoteLogs remote;

    AccessLogs(Reading reading, Matchers matchers) {
        this.reading = reading;
        this.matchers = matchers;
        this.remote = new RemoteLogs(reading);
    }

    /** The logs of a place whose lines can be written on this machine only. */
    List<AccessLogConfig> local(Msg owner) {
        List<AccessLogConfig> logs = new ArrayList<>();
        for (AccessLogConfig log : read(owner)) {
            if (log.sink() instanceof Sink.Remote) {
                reading.warn(owner, "access_log", "only logs of HTTP connection managers are sent to services");
            } else {
                logs.add(log);
            }
        }
        return logs;
    }

    List<AccessLogConfig> read(Msg owner) {
        List<AccessLogConfig> logs = new ArrayList<>();
        for (Msg log : owner.messages("access_log")) {
            Optional<Msg> typed = log.message("typed_config");
            if (typed.isEmpty()) {
                if (!log.has("typed_config") && !log.has("name")) {
                    reading.error(log, "", "needs typed_config with \"@type\"");
                }
                continue;
            }
            Optional<Sink> sink = sink(typed.get());
            if (sink.isEmpty() && RemoteLogs.knows(typed.get())) {
                remote.read(typed.get())
                        .ifPresent(to -> logs.add(new AccessLogConfig(
                                to,
                                remote.format(typed.get()),
                                log.message("filter").flatMap(this::filter))));
                continue;
            }
            if (sink.isEmpty()) {
                reading.error(log, "typed_config", typed.get().type() + " is no access log");
                continue;
            }
            logs.add(new AccessLogConfig(
                    sink.get(), format(typed.get()), log.message("filter").flatMap(this::filter)));
        }
        return logs;
    }

    /** A file by its path; the standard streams are known by their names. */
    static Sink file(String path) {
        return switch (path) {
            case "/dev/stdout" -> new Sink.Stdout();
            case "/dev/stderr" -> new Sink.Stderr();
            default -> new Sink.File(path);
        };
    }

    private static Optional<Sink> sink(Msg typed) {
        return switch (typed.type()) {
            case FILE -> Optional.of(file(typed.text("path")));
            case STDOUT -> Optional.of(new Sink.Stdout());
            case STDERR -> Optional.of(new Sink.Stderr());
            default -> Optional.empty();
        };
    }

    private Format format(Msg typed) {
        return switch (typed.which("access_log_format")) {
            case "format" -> new Format.Text(text(typed, "format"), false);
            case "json_format" -> new Format.Json(fields(typed, "json_format"), false);
            case "typed_json_format" -> new Format.Json(fields(typed, "typed_json_format"), false);
            case "log_format" ->
                typed.message("log_format").map(this::substitution).orElse(new Format.Default());
            default -> new Format.Default();
        };
    }

    /** An {@code envoy.config.core.v3.SubstitutionFormatString}. */
    Format substitution(Msg format) {
        boolean omitEmpty = format.flag("omit_empty_values", false);
        return switch (format.which("format")) {
            case "json_format" -> new Format.Json(fields(format, "json_format"), omitEmpty);
            case "text_format_source" ->
                new Format.Text(
                        format.message("text_format_source")
                                .map(source -> {
                                    String text = DataSources.text(source, reading);
                                    reading.checkOperators(source, source.which("specifier"), text);
                                    return text;
                                })
                                .orElse(""),
                        omitEmpty);
            default -> new Format.Text(text(format, "text_format"), omitEmpty);
        };
    }

    private String text(Msg message, String field) {
        reading.checkOperators(message, field, message.text(field));
        return message.text(field);
    }

    private Map<String, Object> fields(Msg message, String field) {
        message.tree(field).ifPresent(tree -> reading.checkOperators(tree, message.path(field)));
        Object tree = message.tree(field).map(Yaml::plain).orElse(Map.of());
        Map<String, Object> fields = new LinkedHashMap<>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> fields.put((String) key, value));
        }
        return fields;
    }

    /** An {@code envoy.config.accesslog.v3.AccessLogFilter}. */
    Optional<Filter> filter(Msg filter) {
        String kind = filter.which("filter_specifier");
        Optional<Msg> content = filter.message(kind);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        Msg one = content.get();
        return switch (kind) {
            case "status_code_filter" -> comparison(one).map(Filter.StatusCode::new);
            case "duration_filter" -> comparison(one).map(Filter.DurationMillis::new);
            case "not_health_check_filter" -> Optional.of(new Filter.NotHealthCheck());
            case "log_type_filter" -> Optional.of(new Filter.Fraction(isOfType(one) ? 1 : 0));
            case "runtime_filter" ->
                Optional.of(new Filter.Fraction(
                        one.message("percent_sampled").map(Reading::fraction).orElse(0.0)));
            case "and_filter" -> Optional.of(new Filter.And(filters(one)));
            case "or_filter" -> Optional.of(new Filter.Or(filters(one)));
            case "header_filter" -> one.message("header").map(header -> new Filter.Header(matchers.header(header)));
            case "response_flag_filter" -> Optional.of(new Filter.ResponseFlag(one.texts("flags")));
            case "grpc_status_filter" ->
                Optional.of(new Filter.GrpcStatus(
                        one.texts("statuses").stream().map(STATUSES::indexOf).toList(), one.flag("exclude", false)));
            default -> Optional.empty();
        };
    }

    /** All lines are of one type: they are written when a request, or a connection that is passed on, has ended. */
    private static boolean isOfType(Msg filter) {
        List<String> types = filter.texts("types");
        return (types.contains("DownstreamEnd") || types.contains("TcpConnectionEnd")) != filter.flag("exclude", false);
    }

    private List<Filter> filters(Msg owner) {
        List<Filter> found = new ArrayList<>();
        owner.messages("filters").forEach(one -> filter(one).ifPresent(found::add));
        return found;
    }

    private static Optional<AccessLogConfig.Comparison> comparison(Msg owner) {
        return owner.message("comparison")
                .map(comparison -> new AccessLogConfig.Comparison(
                        AccessLogConfig.Comparison.Op.valueOf(comparison.text("op", "EQ")),
                        comparison
                                .message("value")
                                .map(v -> v.number("default_value", 0))
                                .orElse(0L)));
    }
}
