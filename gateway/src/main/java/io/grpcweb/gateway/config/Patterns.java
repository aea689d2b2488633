package io.grpcweb.gateway.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * The one place where regular expressions are compiled, those of the configuration and those that somebody asks an admin
 * page for. RE2 is linear in the length of what is searched, but the port for Java writes every repetition out, so a pattern
 * of some twenty characters can ask for more memory than there is: how large the program becomes is worked out before it is
 * made.
 */
public final class Patterns {
    /** Instructions of a program. */
    private static final int MAX_SIZE = 10_000;

    /** Characters of a pattern of the configuration. */
    private static final int MAX_LENGTH = 16 * 1024;

    /** Characters of a pattern that comes with a request. */
    private static final int MAX_ASKED_LENGTH = 1024;

    /** Characters of a value that a pattern is run over. */
    private static final int MAX_VALUE = 8 * 1024;

    /** Characters of a value times instructions: what a match may cost at worst. */
    private static final long MAX_WORK = 1 << 21;

    private Patterns() {}

    /** A pattern of the configuration. */
    public static Pattern compile(String text) throws PatternSyntaxException {
        return compile(text, MAX_LENGTH);
    }

    /** A pattern that came with a request. */
    public static Pattern compileAsked(String text) throws PatternSyntaxException {
        return compile(text, MAX_ASKED_LENGTH);
    }

    /**
     * Whether a value is short enough to run the pattern over it: linear time is still length times size. What is longer
     * is not looked at, and so does not match.
     */
    public static boolean reaches(Pattern pattern, int length) {
        return length <= MAX_VALUE && (long) length * pattern.programSize() <= MAX_WORK;
    }

    /** Whether the whole text fits the pattern and is short enough to be looked at. */
    public static boolean matches(Pattern pattern, String text) {
        return reaches(pattern, text.length()) && pattern.matches(text);
    }

    private static Pattern compile(String text, int maxLength) {
        if (text.length() > maxLength) {
            throw refused("it has " + text.length() + " characters, at most " + maxLength + " are allowed", text);
        }
        PatternSize size = PatternSize.of(text);
        if (size.repetitions() > PatternSize.MAX_REPETITIONS) {
            throw refused(
                    "invalid repetition size: repetitions in one another multiply to " + size.repetitions()
                            + ", at most " + PatternSize.MAX_REPETITIONS + " are allowed",
                    text);
        }
        if (size.depth() > PatternSize.MAX_DEPTH) {
            throw refused("more than " + PatternSize.MAX_DEPTH + " groups in one another", text);
        }
        if (size.instructions() > MAX_SIZE) {
            throw refused("a program size of " + size.instructions() + ", at most " + MAX_SIZE + " are allowed", text);
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refused("not understood", text);
        }
    }

    private static PatternSyntaxException refused(String why, String text) {
        return new PatternSyntaxException(why, text.length() > 100 ? text.substring(0, 100) + "..." : text);
    }
}
