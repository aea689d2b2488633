package io.grpcweb.gateway.config.envoy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * What {@code validate.rules} of Envoy's API say about the value of a field: words such as {@code >=1} or
 * {@code min_len:1}, and with {@code items.}, {@code keys.} or {@code values.} before them, about each of many.
 */
final class Rules {
    static final Rules NONE = new Rules(List.of());

    private final List<String> words;

    /** What was made of the words; the endpoints of a control plane meet the same rules ten thousand times. */
    private List<Rule> whole;

    private Map<String, Rules> scopes = Map.of();

    private Rules(List<String> words) {
        this.words = words;
    }

    static Rules of(List<String> words) {
        return words.isEmpty() ? NONE : new Rules(List.copyOf(words));
    }

    /**
     * A rule and its bound: {@code >=} and {@code 1}, {@code min_len} and {@code 1}, {@code unique} and nothing.
     *
     * @param limit the bound of a comparison as a number, that of a duration in seconds; null where it is none
     */
    record Rule(String name, String bound, BigDecimal limit) {
        /** The bounds of a rule that has several, in plain text. */
        List<String> bounds() {
            return List.of(bound.split(",")).stream().map(Rules::plain).toList();
        }

        String text() {
            return plain(bound);
        }

        int number() {
            return Integer.parseInt(bound);
        }
    }

    List<String> words() {
        return words;
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    /** Whether a rule stands there word by word. */
    boolean has(String word) {
        return words.contains(word);
    }

    /** Those about the value as a whole. */
    List<Rule> whole() {
        if (whole == null) {
            whole = words.stream()
                    .filter(word -> !isScoped(word))
                    .map(Rules::rule)
                    .toList();
        }
        return whole;
    }

    /** Those about each of many, without the word and point before them. */
    Rules each(String scope) {
        if (words.isEmpty()) {
            return NONE;
        }
        if (scopes.isEmpty()) {
            scopes = Map.of("items", scoped("items."), "keys", scoped("keys."), "values", scoped("values."));
        }
        return scopes.get(scope);
    }

    private Rules scoped(String prefix) {
        return of(words.stream()
                .filter(word -> word.startsWith(prefix))
                .map(word -> word.substring(prefix.length()))
                .toList());
    }

    private static boolean isScoped(String word) {
        return word.startsWith("items.") || word.startsWith("keys.") || word.startsWith("values.");
    }

    private static Rule rule(String word) {
        int at = 0;
        if ("<>=".indexOf(word.charAt(0)) >= 0) {
            at = word.startsWith("<=") || word.startsWith(">=") ? 2 : 1;
            String bound = word.substring(at);
            return new Rule(word.substring(0, at), bound, limit(bound));
        }
        at = word.indexOf(':');
        return at < 0 ? new Rule(word, "", null) : new Rule(word.substring(0, at), word.substring(at + 1), null);
    }

    /** Null for one that is no number. */
    static BigDecimal limit(String bound) {
        return bound.equals("true") || bound.equals("false")
                ? null
                : new BigDecimal(bound.endsWith("s") ? bound.substring(0, bound.length() - 1) : bound);
    }

    /** A character that separates words and bounds stands as a percent sign and four digits. */
    private static String plain(String bound) {
        if (bound.indexOf('%') < 0) {
            return bound;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bound.length(); i++) {
            if (bound.charAt(i) == '%') {
                out.append((char) Integer.parseInt(bound.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                out.append(bound.charAt(i));
            }
        }
        return out.toString();
    }
}
