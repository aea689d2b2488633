package io.grpcweb.gateway.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.grpcweb.gateway.config.Patterns;
import java.util.concurrent.TimeUnit;

/**
 * The names that somebody asked for by a regular expression. Such a pattern may be as bad as it likes: compiled it has a
 * bounded size, and running it over all names has a bounded time.
 */
final class NameFilter {
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Pattern pattern;
    private final long started = System.nanoTime();

    NameFilter(String asked) throws PatternSyntaxException {
        pattern = Patterns.compileAsked(asked);
    }

    /** Whether the pattern fits somewhere in the name. */
    boolean finds(String name) {
        look(name);
        return pattern.matcher(name).find();
    }

    /** Whether the pattern fits the whole name. */
    boolean matches(String name) {
        look(name);
        return pattern.matches(name);
    }

    private void look(String name) {
        if (!Patterns.reaches(pattern, name.length()) || System.nanoTime() - started > MOST_NANOS) {
            throw new PatternSyntaxException("it takes too long", pattern.pattern());
        }
    }
}
