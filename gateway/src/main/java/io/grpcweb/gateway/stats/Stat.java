package io.grpcweb.gateway.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One number as the pages see it. There are some two hundred for each cluster, and most of them are never shown: a number keeps
 * what it is made of, and its names are put together when a page asks for them.
 */
public final class Stat {
    private final StatGroup group;
    private final String name;
    private final String familyName;
    private final List<Label> further;
    private final Kind kind;
    private final Object source;
    private final boolean fromTheStart;

    /**
     * A number of a group.
     *
     * @param name within the group
     * @param familyName of the Prometheus page, within the group
     * @param further labels that stand before those of the group
     * @param source a {@link LongAdder}, {@link Gauge}, {@link Histogram}, a {@link LongSupplier} for a counter that somebody else
     *     keeps, or a {@link Supplier} of a text
     * @param fromTheStart whether it is shown before its first event
     */
    Stat(
            StatGroup group,
            String name,
            String familyName,
            List<Label> further,
            Kind kind,
            Object source,
            boolean fromTheStart) {
        this.group = group;
        this.name = name;
        this.familyName = familyName;
        this.further = further;
        this.kind = kind;
        this.source = source;
        this.fromTheStart = fromTheStart;
    }

    /** What it is. */
    public enum Kind {
        COUNTER("counter"),
        GAUGE("gauge"),
        HISTOGRAM("histogram"),
        /** Words instead of a number; not on the Prometheus page. */
        TEXT("textreadout");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As the Prometheus page writes it. */
        public String text() {
            return text;
        }
    }

    /** A label of the Prometheus page. */
    public record Label(String name, String value) {}

    /** Dotted, as {@code /stats} prints it. */
    public String name() {
        return group.prefix() + '.' + name;
    }

    /** Of the Prometheus page, such as {@code envoy_cluster_upstream_rq_xx}. */
    public String family() {
        return group.family() + '_' + sanitized(familyName);
    }

    /** Of the Prometheus page, in the order of printing. */
    public List<Label> labels() {
        if (further.isEmpty()) {
            return group.labels();
        }
        List<Label> all = new ArrayList<>(further);
        all.addAll(group.labels());
        return List.copyOf(all);
    }

    public Kind kind() {
        return kind;
    }

    /** The value of a counter or a gauge, 0 for the others. */
    public LongSupplier value() {
        if (source instanceof LongAdder counter) {
            return counter::sum;
        }
        if (source instanceof Gauge gauge) {
            return gauge::value;
        }
        return source instanceof LongSupplier followed ? followed : () -> 0;
    }

    /** Null where it is none. */
    public Histogram histogram() {
        return source instanceof Histogram histogram ? histogram : null;
    }

    /** Null where it is none. */
    public Supplier<String> text() {
        return source instanceof Supplier<?> words ? () -> (String) words.get() : null;
    }

    /** Whether it is shown already: some appear with their first event. */
    public BooleanSupplier present() {
        return () -> fromTheStart || used();
    }

    /** Sets a counter back to zero. */
    public Runnable reset() {
        return source instanceof LongAdder counter ? counter::reset : () -> {};
    }

    /** Whether anything was ever counted in it. */
    public boolean used() {
        if (source instanceof Supplier<?>) {
            return !text().get().isEmpty();
        }
        return source instanceof Histogram histogram ? histogram.snapshot().count() > 0 : value().getAsLong() != 0;
    }

    /** The characters that a Prometheus name may have. */
    private static String sanitized(String name) {
        StringBuilder out = new StringBuilder(name);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c > 'z' || !Character.isLetterOrDigit(c)) {
                out.setCharAt(i, '_');
            }
        }
        return out.toString();
    }
}
