package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the gateway does about each field of Envoy, from the resources {@code support.txt}: one row a field. */
final class Support {
    private static final Rule NOT_LISTED = new Rule(Verdict.REFUSED, "");
    private static final Rule LISTED = new Rule(Verdict.HONOURED, "");
    private static final Rule INERT = new Rule(Verdict.IGNORED, "");

    private final Sections sections;
    private final Map<String, Map<String, Rule>> messages = new HashMap<>();
    private final Map<String, Extension> extensions = new HashMap<>();

    /** What becomes of a field. */
    enum Verdict {
        /** It means what it means in Envoy. */
        HONOURED,
        /** It is accepted with a warning, since it changes nothing here. */
        IGNORED,
        /** The gateway does not start. */
        REFUSED
    }

    /** A row: the verdict, and the reason or the hint. */
    record Rule(Verdict verdict, String reason) {
        /** The sentence about a field or value that is refused. */
        String refusal(String name) {
            return "not supported by this gateway: '" + name + "'" + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    /**
     * The row of an extension.
     *
     * @param fields where there are some, the verdict holds when one of them is set; otherwise the extension does nothing.
     *     Those of messages inside have their path
     */
    record Extension(Rule rule, Set<String> fields) {
        private static final Extension NOT_LISTED = new Extension(Support.NOT_LISTED, Set.of());

        /** The rule for an extension with this content; no reason is given where it does nothing anyway. */
        Rule rule(Yaml.Mapping content) {
            boolean holds = fields.isEmpty() || holds(content, "");
            return holds ? rule : INERT;
        }

        /** @param path of the message, which is empty or ends in a dot */
        private boolean holds(Yaml.Mapping content, String path) {
            return content.entries().entrySet().stream().anyMatch(entry -> {
                String field = path + Checker.snake(entry.getKey());
                Yaml value = entry.getValue().value();
                return fields.contains(field)
                        ? !isNothing(value)
                        : value instanceof Yaml.Mapping inner
                                && fields.stream().anyMatch(one -> one.startsWith(field + "."))
                                && holds(inner, field + ".");
            });
        }

        /** Whether it is not set, or a script of comments alone, which some control planes send in every listener. */
        private static boolean isNothing(Yaml value) {
            if (value instanceof Yaml.Mapping source && source.get("inline_string") instanceof Yaml.Scalar script) {
                return source.entries().size() == 1
                        && script.text().lines().map(String::strip).allMatch(line -> line.isEmpty() || isComment(line));
            }
            return value.isNull();
        }

        /** Of Lua: two hyphens, and no bracket that would make it longer than a line. */
        private static boolean isComment(String line) {
            return line.startsWith("--") && !line.startsWith("--[");
        }
    }

    private Support(Sections sections) {
        this.sections = sections;
    }

    static Support load(List<? extends EnvoyFormat<?>> filters) {
        List<Class<?>> owners = new ArrayList<>(List.of(Support.class));
        for (EnvoyFormat<?> filter : filters) {
            // A filter that no file of Envoy names has no rows, and to look for them would open all jars.
            if (!filter.envoyTypes().isEmpty()) {
                owners.add(filter.getClass());
            }
        }
        return new Support(new Sections("support.txt", 1, owners));
    }

    /** The rule for a field; one that has no row is refused. */
    Rule field(String message, String field) {
        return rows(message).getOrDefault(field, NOT_LISTED);
    }

    /** The rule for a value of an enum field; one that has no row is honoured. */
    Rule value(String message, String field, String value) {
        return rows(message).getOrDefault(field + "=" + value, LISTED);
    }

    /** Whether the message, as the type of an extension, has a section of its own. */
    boolean knows(String message) {
        return sections.has(message) && sections.rest(message).isEmpty();
    }

    /** What becomes of an extension of this type. */
    Extension extension(String message) {
        return extensions.computeIfAbsent(message, this::readExtension);
    }

    private Extension readExtension(String message) {
        if (!sections.has(message)) {
            return Extension.NOT_LISTED;
        }
        Rule rule = knows(message) ? LISTED : rule(sections.rest(message));
        int fields = rule.reason().startsWith("with ") ? rule.reason().indexOf(' ', "with ".length()) : 0;
        return fields == 0
                ? new Extension(rule, Set.of())
                : new Extension(
                        new Rule(rule.verdict(), rule.reason().substring(fields).strip()),
                        Set.of(rule.reason().substring("with ".length(), fields).split(",")));
    }

    /** All fields that have a row, by message; for the test that holds the table against Envoy's fields. */
    Map<String, Map<String, Rule>> rows() {
        Map<String, Map<String, Rule>> all = new HashMap<>();
        sections.keys().stream().filter(this::knows).forEach(message -> all.put(message, rows(message)));
        return all;
    }

    private Map<String, Rule> rows(String message) {
        return messages.computeIfAbsent(message, this::read);
    }

    private Map<String, Rule> read(String message) {
        if (!knows(message)) {
            return Map.of();
        }
        Map<String, Rule> rows = new HashMap<>();
        for (String line : sections.lines(message)) {
            int space = line.indexOf(' ');
            rows.put(line.substring(0, space), rule(line.substring(space).strip()));
        }
        return rows;
    }

    /** A verdict, then the reason. */
    private static Rule rule(String text) {
        int space = text.indexOf(' ');
        return space < 0
                ? new Rule(verdict(text), "")
                : new Rule(
                        verdict(text.substring(0, space)), text.substring(space).strip());
    }

    private static Verdict verdict(String word) {
        return switch (word) {
            case "honoured" -> Verdict.HONOURED;
            case "ignored" -> Verdict.IGNORED;
            case "refused" -> Verdict.REFUSED;
            default -> throw new IllegalStateException("no verdict: " + word);
        };
    }
}
