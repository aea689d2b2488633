package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Access logs in the gateway's own format. */
public final class AccessLogFormat {
    private static final AccessLogConfig STDOUT =
            new AccessLogConfig(new Sink.Stdout(), new Format.Own(), Optional.empty());

    /** Where the lines go is all that must be said. */
    private static final Brief<AccessLogConfig> TO = Brief.of(
            (owner, key, text) -> Optional.of(new AccessLogConfig(sink(text), new Format.Own(), Optional.empty())),
            log -> log.format() instanceof Format.Own && log.filter().isEmpty() && log.sink() instanceof Sink.Local
                    ? Optional.of(text(log.sink()))
                    : Optional.empty());

    private AccessLogFormat() {}

    /** The logs of a section. */
    static List<AccessLogConfig> logs(Fields own, List<AccessLogConfig> given) {
        return logs(own, "access-log", given);
    }

    static List<AccessLogConfig> logs(Fields own, String key, List<AccessLogConfig> given) {
        return own.sections(key, given, STDOUT, AccessLogFormat::log, TO);
    }

    private static AccessLogConfig log(Fields own, AccessLogConfig given) {
        Optional<Sink> remote = RemoteLogFormat.sink(own, given.sink());
        String to = own.text("to", given.sink() instanceof Sink.Local ? text(given.sink()) : "stdout", "stdout");
        return new AccessLogConfig(
                remote.orElseGet(() -> sink(to)),
                format(own, Optional.of(given.format())).orElse(new Format.Own()),
                when(own, given.filter()));
    }

    private static Sink sink(String to) {
        return switch (to) {
            case "stdout" -> new Sink.Stdout();
            case "stderr" -> new Sink.Stderr();
            default -> new Sink.File(to);
        };
    }

    private static String text(Sink sink) {
        if (sink instanceof Sink.File file) {
            return file.path();
        }
        return sink instanceof Sink.Stdout ? "stdout" : "stderr";
    }

    /** A line as {@code format} or {@code json}; where neither is written, there is none. */
    public static Optional<Format> format(Fields own, Optional<Format> given) {
        Optional<Format.Text> text = Either.part(given, Format.Text.class);
        Optional<Format.Json> json = Either.part(given, Format.Json.class);
        boolean omitEmpty = own.flag(
                "omit-empty",
                text.map(Format.Text::omitEmpty)
                        .or(() -> json.map(Format.Json::omitEmpty))
                        .orElse(false),
                false);
        Optional<Format> values = own.ifWritten("json", json, new Format.Json(Map.of(), false), AccessLogFormat::json)
                .map(one -> new Format.Json(one.fields(), omitEmpty));
        Optional<String> envoy = Either.part(given, Format.Default.class).map(one -> "envoy");
        return values.or(() -> own.text("format", text.map(Format.Text::format).or(() -> envoy))
                .map(line -> line.equals("envoy") ? new Format.Default() : new Format.Text(line, omitEmpty)));
    }

    private static Format.Json json(Fields own, Format.Json given) {
        Map<String, Object> fields = new LinkedHashMap<>();
        own.map("json", given.fields()).forEach((name, value) -> fields.put((String) name, widened(value)));
        return new Format.Json(fields, given.omitEmpty());
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

    /** Which requests; absent where no condition is written. */
    static Optional<AccessLogConfig.Filter> when(Fields own, Optional<AccessLogConfig.Filter> given) {
        return own.section("when", given.map(List::of), List.of(), ConditionFormat::all)
                .flatMap(ConditionFormat::joined);
    }
}
