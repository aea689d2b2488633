package io.grpcweb.gateway.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.grpcweb.gateway.config.Patterns;
import java.util.concurrent.TimeUnit;

/**
 * The names that somebody asked for by a regular expression. Such a pattern may be as bad as it likes: compiled it has a
 * bounded size, and running it over all names has a bounded time. The clock counts only for a search that may cost much,
 * so a machine that is busy with something else refuses no ordinary page.
 */
final class NameFilter {
    /** Instructions of a pattern as people write them. */
    private static final int ORDINARY = 200;

    private static final long MOST_NANOS_ORDINARY = TimeUnit.SECONDS.toNanos(5);
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Characters times instructions: what is less takes a tenth of a second at worst. */
    private static final long FREE_WORK = 1 << 24;

    private final Pattern pattern;
    private final long mostNanos;
    private final long started = System.nanoTime();
    private long work;

    NameFilter(String asked) throws PatternSyntaxException {
        pattern = Patterns.compileAsked(asked);
        mostNanos = pattern.programSize() > ORDINARY ? MOST_NANOS : MOST_NANOS_ORDINARY;
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
        work += (long) name.length() * pattern.programSize();
        boolean late = work > FREE_WORK && System.nanoTime() - started > mostNanos;
        if (late || !Patterns.reaches(pattern, name.length())) {
            throw new PatternSyntaxException("it takes too long", pattern.pattern());
        }
    }
}
