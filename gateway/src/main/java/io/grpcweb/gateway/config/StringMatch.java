package io.grpcweb.gateway.config;

import com.google.re2j.Pattern;
import java.util.Locale;

/** A matcher of a text: Envoy's {@code StringMatcher} (envoy/type/matcher/v3/string.proto). */
public sealed interface StringMatch {

    /** Whether the text fits. */
    boolean matches(CharSequence text);

    /** Whether upper and lower case are the same. */
    default boolean ignoreCase() {
        return false;
    }

    /** Whether the text is short enough to be looked at. */
    default boolean reads(CharSequence text) {
        return true;
    }

    /** The whole text. */
    record Exact(String text, boolean ignoreCase) implements StringMatch {
        @Override
        public boolean matches(CharSequence other) {
            return ignoreCase ? text.equalsIgnoreCase(other.toString()) : text.contentEquals(other);
        }
    }

    /** How it begins. */
    record Prefix(String text, boolean ignoreCase) implements StringMatch {
        @Override
        public boolean matches(CharSequence other) {
            return other.toString().regionMatches(ignoreCase, 0, text, 0, text.length());
        }
    }

    /** How it ends. */
    record Suffix(String text, boolean ignoreCase) implements StringMatch {
        @Override
        public boolean matches(CharSequence other) {
            String value = other.toString();
            return value.regionMatches(ignoreCase, value.length() - text.length(), text, 0, text.length());
        }
    }

    /** What it holds somewhere. */
    record Contains(String text, boolean ignoreCase) implements StringMatch {
        @Override
        public boolean matches(CharSequence other) {
            return ignoreCase
                    ? other.toString().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT))
                    : other.toString().contains(text);
        }
    }

    /** A regular expression in RE2 syntax that must match the whole text; what is too long for it does not match. */
    record Regex(Pattern pattern) implements StringMatch {
        @Override
        public boolean reads(CharSequence text) {
            return Patterns.reaches(pattern, text.length());
        }

        @Override
        public boolean matches(CharSequence other) {
            return Patterns.matches(pattern, other.toString());
        }
    }
}
