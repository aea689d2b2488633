package io.grpcweb.gateway.envoy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What the gateway does about each field of Envoy, from the resource {@code support.txt}: one row a field. */
final class Support {
    private static final Rule NOT_LISTED = new Rule(Verdict.REFUSED, "");

    private final Map<String, Map<String, Rule>> messages = new HashMap<>();
    private final Map<String, Rule> refusedMessages = new HashMap<>();

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

    private Support() {}

    static Support load() {
        Support support = new Support();
        support.read("support.txt");
        return support;
    }

    /** The rule for a field; one that has no row is refused. */
    Rule field(String message, String field) {
        return messages.getOrDefault(message, Map.of()).getOrDefault(field, NOT_LISTED);
    }

    /** The rule for a value of an enum field; one that has no row is honoured. */
    Rule value(String message, String field, String value) {
        return messages.getOrDefault(message, Map.of())
                .getOrDefault(field + "=" + value, new Rule(Verdict.HONOURED, ""));
    }

    /** Whether the message, as the type of an extension, has a section of its own. */
    boolean knows(String message) {
        return messages.containsKey(message);
    }

    /** Why an extension of this type is refused, and what to do instead; empty where there is nothing to say. */
    String hint(String message) {
        Rule rule = refusedMessages.get(message);
        return rule == null ? "" : rule.reason();
    }

    /** All fields that have a row, by message; for the test that holds the table against Envoy's fields. */
    Map<String, Map<String, Rule>> rows() {
        return messages;
    }

    private void read(String resource) {
        try (InputStream in = Support.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Map<String, Rule> current = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#") || line.isBlank()) {
                    continue;
                }
                String[] words = line.strip().split("\\s+", 3);
                String reason = words.length > 2 ? words[2] : "";
                if (line.startsWith(" ")) {
                    current.put(words[0], new Rule(verdict(words[1]), reason));
                } else if (words.length > 1) {
                    refusedMessages.put(words[0], new Rule(verdict(words[1]), reason));
                } else {
                    current = messages.computeIfAbsent(words[0], name -> new HashMap<>());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
