package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.AccessLogConfig.Comparison;
import io.grpcweb.gateway.config.AccessLogConfig.Filter;
import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Access logs in the gateway's own format. */
final class AccessLogFormat {
    private AccessLogFormat() {}

    /** The logs of a section; where it does not speak of them, these. */
    static List<AccessLogConfig> read(Section owner, List<AccessLogConfig> otherwise) {
        List<AccessLogConfig> logs = new ArrayList<>();
        if (!owner.has("access-log")) {
            return otherwise;
        }
        if (owner.isText("access-log")) {
            owner.text("access-log")
                    .ifPresent(to -> logs.add(new AccessLogConfig(sink(to), new Format.Own(), Optional.empty())));
            return logs;
        }
        for (Section log : owner.sections("access-log")) {
            logs.add(new AccessLogConfig(
                    sink(log.text("to", "stdout")),
                    format(log).orElse(new Format.Own()),
                    log.section("when").flatMap(AccessLogFormat::filter)));
        }
        return logs;
    }

    static void write(Tree owner, List<AccessLogConfig> logs, List<AccessLogConfig> otherwise) {
        if (logs.equals(otherwise)) {
            return;
        }
        if (logs.isEmpty()) {
            owner.put("access-log", List.of());
        }
        owner.list("access-log", logs, log -> {
            Tree tree = new Tree().put("to", write(log.sink()));
            write(tree, log.format());
            log.filter().ifPresent(filter -> tree.put("when", write(filter)));
            return tree;
        });
    }

    private static Sink sink(String to) {
        return switch (to) {
            case "stdout" -> new Sink.Stdout();
            case "stderr" -> new Sink.Stderr();
            default -> new Sink.File(to);
        };
    }

    private static String write(Sink sink) {
        if (sink instanceof Sink.File file) {
            return file.path();
        }
        return sink instanceof Sink.Stdout ? "stdout" : "stderr";
    }

    static Optional<Format> format(Section section) {
        boolean omitEmpty = section.flag("omit-empty", false);
        if (section.has("json")) {
            Map<String, Object> fields = new LinkedHashMap<>();
            if (section.plain("json") instanceof Map<?, ?> map) {
                map.forEach((key, value) -> fields.put((String) key, widened(value)));
            } else {
                section.error("json", "a section { name = \"%OPERATOR%\" } is expected");
            }
            return Optional.of(new Format.Json(fields, omitEmpty));
        }
        return section.text("format")
                .map(format -> format.equals("envoy") ? new Format.Default() : new Format.Text(format, omitEmpty));
    }

    /** Whole numbers are {@code long} wherever they come from. */
    private static Object widened(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put((String) key, widened(item)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(AccessLogFormat::widened).toList();
        }
        return value instanceof Integer number ? Long.valueOf(number) : value;
    }

    static void write(Tree tree, Format format) {
        if (format instanceof Format.Default) {
            tree.put("format", "envoy");
        } else if (format instanceof Format.Text text) {
            tree.put("format", text.format()).put("omit-empty", text.omitEmpty(), false);
        } else if (format instanceof Format.Json json) {
            tree.put("json", json.fields()).put("omit-empty", json.omitEmpty(), false);
        }
    }

    /** Several conditions in one section must all hold. */
    static Optional<Filter> filter(Section when) {
        List<Filter> found = new ArrayList<>();
        comparison(when, "status").ifPresent(one -> found.add(new Filter.StatusCode(one)));
        comparison(when, "duration-ms").ifPresent(one -> found.add(new Filter.DurationMillis(one)));
        if (when.flag("not-health-check", false)) {
            found.add(new Filter.NotHealthCheck());
        }
        if (when.has("response-flags")) {
            found.add(new Filter.ResponseFlag(when.texts("response-flags")));
        }
        if (when.has("grpc-status")) {
            found.add(new Filter.GrpcStatus(when.integers("grpc-status"), false));
        }
        if (when.has("grpc-status-not")) {
            found.add(new Filter.GrpcStatus(when.integers("grpc-status-not"), true));
        }
        when.section("header").ifPresent(header -> found.add(new Filter.Header(MatchFormat.header(header))));
        if (when.has("share")) {
            found.add(new Filter.Fraction(when.share("share", 1)));
        }
        if (when.has("all")) {
            found.add(new Filter.And(filters(when, "all")));
        }
        if (when.has("any")) {
            found.add(new Filter.Or(filters(when, "any")));
        }
        if (found.size() > 1) {
            return Optional.of(new Filter.And(found));
        }
        return found.stream().findFirst();
    }

    private static List<Filter> filters(Section when, String key) {
        List<Filter> found = new ArrayList<>();
        when.sections(key).forEach(one -> filter(one).ifPresent(found::add));
        return found;
    }

    /** {@code ">= 500"}. */
    private static Optional<Comparison> comparison(Section when, String key) {
        return when.text(key).flatMap(text -> {
            String[] words = text.strip().split("\\s+", 2);
            Optional<Comparison.Op> op = words.length < 2
                    ? Optional.of(Comparison.Op.EQ)
                    : switch (words[0]) {
                        case "=", "==" -> Optional.of(Comparison.Op.EQ);
                        case ">=" -> Optional.of(Comparison.Op.GE);
                        case "<=" -> Optional.of(Comparison.Op.LE);
                        case "!=" -> Optional.of(Comparison.Op.NE);
                        default -> Optional.empty();
                    };
            String number = words[words.length - 1];
            if (op.isEmpty() || !number.matches("\\d{1,10}")) {
                when.error(
                        key, "'" + text + "' is no condition: write such as \">= 500\", with one of =, !=, >= and <=");
                return Optional.empty();
            }
            return Optional.of(new Comparison(op.get(), Long.parseLong(number)));
        });
    }

    static Tree write(Filter filter) {
        Tree tree = new Tree();
        if (filter instanceof Filter.StatusCode status) {
            return tree.put("status", text(status.comparison()));
        }
        if (filter instanceof Filter.DurationMillis duration) {
            return tree.put("duration-ms", text(duration.comparison()));
        }
        if (filter instanceof Filter.NotHealthCheck) {
            return tree.put("not-health-check", true);
        }
        if (filter instanceof Filter.ResponseFlag flags) {
            return tree.put("response-flags", flags.flags());
        }
        if (filter instanceof Filter.GrpcStatus status) {
            return tree.put(status.exclude() ? "grpc-status-not" : "grpc-status", status.statuses());
        }
        if (filter instanceof Filter.Header header) {
            return tree.put("header", MatchFormat.write(header.match()));
        }
        if (filter instanceof Filter.Fraction fraction) {
            return tree.put("share", fraction.share());
        }
        if (filter instanceof Filter.And and) {
            return tree.put(
                    "all", and.filters().stream().map(AccessLogFormat::write).toList());
        }
        return tree.put(
                "any",
                ((Filter.Or) filter)
                        .filters().stream().map(AccessLogFormat::write).toList());
    }

    private static String text(Comparison comparison) {
        String operator =
                switch (comparison.op()) {
                    case EQ -> "=";
                    case NE -> "!=";
                    case GE -> ">=";
                    case LE -> "<=";
                };
        return operator + " " + comparison.value();
    }
}
