package io.grpcweb.gateway.config.envoy;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.envoy.Rules.Rule;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says in words what a value breaks of the {@link Rules} of its field: nothing where it keeps to all of them. */
final class RuleChecker {
    /** Rules about values of an enum that name some. */
    private static final Set<String> NAMING = Set.of("in", "=", "not_in");

    private RuleChecker() {}

    /** Of a number, a flag or a duration. */
    static List<String> number(Rules rules, Object value, String written) {
        if (rules.isEmpty()) {
            return List.of();
        }
        List<String> broken = new ArrayList<>();
        for (Rule rule : rules.whole()) {
            boolean keeps =
                    switch (rule.name()) {
                        case "in" -> rule.bounds().stream().anyMatch(bound -> order(value, Rules.limit(bound)) == 0);
                        case "not_in" ->
                            rule.bounds().stream().noneMatch(bound -> order(value, Rules.limit(bound)) == 0);
                        case ">" -> order(value, rule.limit()) > 0;
                        case ">=" -> order(value, rule.limit()) >= 0;
                        case "<" -> order(value, rule.limit()) < 0;
                        case "<=" -> order(value, rule.limit()) <= 0;
                        case "=" ->
                            value instanceof Boolean
                                    ? value.toString().equals(rule.bound())
                                    : order(value, rule.limit()) == 0;
                        default -> true;
                    };
            if (!keeps) {
                broken.add("must be " + comparison(rule) + ", not " + written);
            }
        }
        boolean mayBe = rules.has("ignore_empty") && order(value, BigDecimal.ZERO) == 0;
        return mayBe ? List.of() : broken;
    }

    private static String comparison(Rule rule) {
        return switch (rule.name()) {
            case "in" -> "one of " + String.join(", ", rule.bounds());
            case "not_in" -> "other than " + String.join(", ", rule.bounds());
            case "=" -> rule.bound();
            default -> rule.name() + rule.bound();
        };
    }

    /** How a number, or the seconds of a duration, compares to a bound. */
    private static int order(Object value, BigDecimal bound) {
        if (value instanceof Long number) {
            return BigDecimal.valueOf(number).compareTo(bound);
        }
        if (value instanceof Duration duration) {
            return BigDecimal.valueOf(duration.getSeconds())
                    .add(BigDecimal.valueOf(duration.getNano(), 9))
                    .compareTo(bound);
        }
        return new BigDecimal(value.toString()).compareTo(bound);
    }

    /** Of a value of an enum; {@code 0} is the one that it has where none is set. */
    static List<String> enumValue(Rules rules, String name, Map<String, Integer> values) {
        List<String> broken = new ArrayList<>();
        for (Rule rule : rules.whole()) {
            if (!NAMING.contains(rule.name())) {
                continue;
            }
            List<String> named = rule.bounds().stream()
                    .map(number -> Scalars.enumValue(number, values).orElse(number))
                    .toList();
            if (named.contains(name) == rule.name().equals("not_in")) {
                broken.add((rule.name().equals("not_in") ? "must be other than " : "must be one of ")
                        + String.join(", ", named));
            }
        }
        return broken;
    }

    /** Of a text. */
    static List<String> text(Rules rules, String text) {
        if (rules.isEmpty() || isEmptyAndMayBe(rules, text.isEmpty())) {
            return List.of();
        }
        boolean strict = !rules.has("strict:false");
        List<String> broken = new ArrayList<>();
        for (Rule rule : rules.whole()) {
            String problem =
                    switch (rule.name()) {
                        case "=" -> text.equals(rule.text()) ? "" : "must be '" + rule.text() + "'";
                        case "len", "min_len", "max_len" ->
                            size(rule, text.codePointCount(0, text.length()), "characters");
                        case "len_bytes", "min_bytes", "max_bytes" ->
                            size(rule, text.getBytes(StandardCharsets.UTF_8).length, "bytes");
                        case "pattern" ->
                            Pattern.compile(rule.text()).matcher(text).find()
                                    ? ""
                                    : "'" + text + "' does not match " + rule.text();
                        case "prefix" -> text.startsWith(rule.text()) ? "" : "must begin with " + rule.text();
                        case "suffix" -> text.endsWith(rule.text()) ? "" : "must end with " + rule.text();
                        case "contains" -> text.contains(rule.text()) ? "" : "must contain " + rule.text();
                        case "not_contains" -> text.contains(rule.text()) ? "must not contain " + rule.text() : "";
                        case "in" ->
                            rule.bounds().contains(text)
                                    ? ""
                                    : "'" + text + "' is none of " + String.join(", ", rule.bounds());
                        case "not_in" -> rule.bounds().contains(text) ? "must not be '" + text + "'" : "";
                        case "well_known_regex" -> TextForms.header(text, rule.bound(), strict);
                        default -> TextForms.problem(rule.name(), text);
                    };
            if (!problem.isEmpty()) {
                broken.add(problem);
            }
        }
        return broken;
    }

    /** Of bytes, of which only the number is looked at. */
    static List<String> bytes(Rules rules, int size) {
        List<String> broken = new ArrayList<>();
        for (Rule rule : rules.whole()) {
            String problem =
                    switch (rule.name()) {
                        case "len", "min_len", "max_len" -> size(rule, size, "bytes");
                        default -> "";
                    };
            if (!problem.isEmpty()) {
                broken.add(problem);
            }
        }
        return isEmptyAndMayBe(rules, size == 0) ? List.of() : broken;
    }

    /** Of a list or map: how many it has, and whether each stands in it once. */
    static List<String> many(Rules rules, List<?> values) {
        if (rules.isEmpty() || isEmptyAndMayBe(rules, values.isEmpty())) {
            return List.of();
        }
        List<String> broken = new ArrayList<>();
        for (Rule rule : rules.whole()) {
            String problem =
                    switch (rule.name()) {
                        case "min_items", "max_items" -> size(rule, values.size(), "items");
                        case "min_pairs", "max_pairs" -> size(rule, values.size(), "entries");
                        case "unique" ->
                            new HashSet<Object>(values).size() == values.size()
                                    ? ""
                                    : "must have each value once: " + values;
                        default -> "";
                    };
            if (!problem.isEmpty()) {
                broken.add(problem);
            }
        }
        return broken;
    }

    private static String size(Rule rule, int size, String unit) {
        int bound = rule.number();
        if (rule.name().startsWith("min")) {
            return size >= bound
                    ? ""
                    : size == 0 ? "must not be empty" : "must have at least " + bound + " " + unit + ", not " + size;
        }
        if (rule.name().startsWith("max")) {
            return size <= bound ? "" : "must have at most " + bound + " " + unit + ", not " + size;
        }
        return size == bound ? "" : "must have " + bound + " " + unit + ", not " + size;
    }

    private static boolean isEmptyAndMayBe(Rules rules, boolean isEmpty) {
        return isEmpty && rules.has("ignore_empty");
    }
}
