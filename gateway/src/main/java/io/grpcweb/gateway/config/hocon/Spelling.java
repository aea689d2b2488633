package io.grpcweb.gateway.config.hocon;

import java.util.Collection;
import java.util.Optional;

/** What a person may have meant by a word that is not known. */
public final class Spelling {
    /** Longer ones are no slip, and take long to compare. */
    private static final int LONGEST = 100;

    private Spelling() {}

    /** {@code ; did you mean 'x'?} where one of the choices is close, else nothing. */
    public static String hint(String word, Collection<String> choices) {
        return closest(word, choices)
                .map(best -> "; did you mean '" + best + "'?")
                .orElse("");
    }

    /** The choice that is closest, where one is close. */
    public static Optional<String> closest(String word, Collection<String> choices) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        String best = "";
        int least = Math.max(2, word.length() / 3) + 1;
        for (String choice : choices) {
            int distance = distance(word, choice);
            if (distance < least) {
                least = distance;
                best = choice;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Levenshtein's distance. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substitution = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
