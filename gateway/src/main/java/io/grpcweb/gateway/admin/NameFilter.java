package io.grpcweb.gateway.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.grpcweb.gateway.config.Patterns;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The names that somebody asked for by a regular expression. Such a pattern may be as bad as it likes: compiled it has a
 * bounded size, and running it over all names has a bounded time of the processor. Time in which the thread only waited for its
 * turn is not held against it. Confined to the thread that made it.
 */
final class NameFilter {
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Characters times instructions: what is less costs little even where nothing is compiled yet. */
    private static final long FREE_WORK = 1 << 24;

    private final Pattern pattern;
    private final LongSupplier clock;
    private final LongSupplier worked;
    private final long started;
    private final long workedBefore;
    private long work;

    NameFilter(String asked) throws PatternSyntaxException {
        this(asked, System::nanoTime, NameFilter::processorNanos);
    }

    /**
     * @param clock the time, which costs next to nothing
     * @param worked the time that the processor has spent on this thread; asked for where the clock says that it may be too much
     */
    NameFilter(String asked, LongSupplier clock, LongSupplier worked) throws PatternSyntaxException {
        this.pattern = Patterns.compileAsked(asked);
        this.clock = clock;
        this.worked = worked;
        this.started = clock.getAsLong();
        this.workedBefore = worked.getAsLong();
    }

    private static long processorNanos() {
        long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        return spent < 0 ? System.nanoTime() : spent;
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
        boolean late = work > FREE_WORK
                && clock.getAsLong() - started > MOST_NANOS
                && worked.getAsLong() - workedBefore > MOST_NANOS;
        if (late || !Patterns.reaches(pattern, name.length())) {
            throw new PatternSyntaxException("it takes too long", pattern.pattern());
        }
    }
}
