package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Durations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Holds single values against the kinds and bounds of their fields, and says what is expected where they do not fit. */
final class ScalarChecker {
    private final Schema schema;
    private final Support support;
    private final Problems problems;

    ScalarChecker(Schema schema, Support support, Problems problems) {
        this.schema = schema;
        this.support = support;
        this.problems = problems;
    }

    /** The value; null where it is wrong, which is reported. */
    Object check(Schema.Type type, Schema.Field field, Yaml.Scalar value, String path, boolean look) {
        String text = value.text();
        String kind = field.kind().toLowerCase(Locale.ROOT);
        return switch (kind) {
            case "bool" -> bounded(field, value, path, Scalars.flag(text), "true or false");
            case "duration" -> bounded(field, value, path, Scalars.duration(text), durationHint(text));
            case "double", "float" -> bounded(field, value, path, Scalars.decimal(text), "a number");
            case "enum" -> enumValue(type, field, value, path, look);
            case "bytes" -> bytes(field, value, path);
            case "string", "fieldmask" -> {
                report(RuleChecker.text(rules(field), text), value.mark(), path);
                yield text;
            }
            default -> bounded(field, value, path, Scalars.whole(text, kind), "a whole number");
        };
    }

    private static String durationHint(String text) {
        return text.strip().matches("[0-9.]+")
                ? "a duration with its unit, such as " + text.strip() + "s"
                : text.strip().matches("[0-9.]+(ms|m|h|d)")
                        ? "a duration in seconds, such as 5s or 0.25s (Envoy knows no other unit)"
                        : "a duration such as 5s or 0.25s";
    }

    /** What was parsed, if it was and keeps to the bounds of the field. */
    Object bounded(Schema.Field field, Yaml value, String path, Optional<?> parsed, String expected) {
        if (parsed.isEmpty()) {
            String found = value instanceof Yaml.Scalar scalar ? "'" + scalar.text() + "'" : "this mapping";
            problems.error(value.mark(), path, found + " is not what is expected here: " + expected);
            return null;
        }
        if (parsed.get() instanceof Duration duration) {
            Optional<String> problem = Durations.problem(
                    duration, value instanceof Yaml.Scalar scalar ? scalar.text() : Scalars.text(duration));
            if (problem.isPresent()) {
                problems.error(value.mark(), path, problem.get());
                return null;
            }
        }
        String written = value instanceof Yaml.Scalar scalar ? scalar.text() : Scalars.text((Duration) parsed.get());
        if (report(RuleChecker.number(rules(field), parsed.get(), written), value.mark(), path)) {
            return null;
        }
        return parsed.get() instanceof Duration duration ? Durations.bounded(duration) : parsed.get();
    }

    Object enumValue(Schema.Type type, Schema.Field field, Yaml.Scalar value, String path, boolean look) {
        Map<String, Integer> values = schema.values(field.type());
        Optional<String> name = Scalars.enumValue(value.text(), values);
        if (name.isEmpty()) {
            problems.error(
                    value.mark(), path, "'" + value.text() + "' is none of " + String.join(", ", values.keySet()));
            return null;
        }
        if (report(RuleChecker.enumValue(rules(field), name.get(), values), value.mark(), path)) {
            return null;
        }
        Support.Rule rule = support.value(type.name(), field.name(), name.get());
        if (look && rule.verdict() == Support.Verdict.REFUSED) {
            problems.error(value.mark(), path, rule.refusal(name.get()));
            return null;
        }
        if (look && rule.verdict() == Support.Verdict.IGNORED) {
            problems.warn(value.mark(), path, name.get() + " is accepted without effect: " + rule.reason());
        }
        return name.get();
    }

    /** Those about one value: in a list or map they stand behind a word for each of many. */
    private static Rules rules(Schema.Field field) {
        return switch (field.count()) {
            case ONE -> field.rules();
            case LIST -> field.rules().each("items");
            case MAP -> field.rules().each("values");
        };
    }

    /** Whether there was something to report. */
    boolean report(List<String> broken, Mark mark, String path) {
        broken.forEach(problem -> problems.error(mark, path, problem));
        return !broken.isEmpty();
    }

    private Object bytes(Schema.Field field, Yaml.Scalar value, String path) {
        try {
            byte[] bytes = Base64.getDecoder().decode(value.text().replaceAll("\\s", ""));
            report(RuleChecker.bytes(rules(field), bytes.length), value.mark(), path);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            problems.error(value.mark(), path, "base64 is expected");
            return null;
        }
    }
}
