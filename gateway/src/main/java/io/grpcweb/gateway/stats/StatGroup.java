package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Kind;
import io.grpcweb.gateway.stats.Stat.Label;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Numbers that share a prefix and labels. A subclass has a field for each, so that the data path touches nothing else;
 * the group keeps the list of them for the pages.
 */
public abstract class StatGroup {
    private static final int FIRST_ROOM = 8;

    private final String prefix;
    private final String family;
    private final List<Label> labels;

    /** The first {@link #count} places are taken and never change; both under the lock of the group. */
    private Stat[] stats = new Stat[FIRST_ROOM];

    private int count;

    /**
     * A group.
     *
     * @param prefix of the dotted names, such as {@code cluster.echo}
     * @param family of the Prometheus names, such as {@code envoy_cluster}
     */
    protected StatGroup(String prefix, String family, List<Label> labels) {
        this.prefix = prefix;
        this.family = family;
        this.labels = List.copyOf(labels);
    }

    /** Shows each number to the pages. */
    public final void forEach(Consumer<Stat> page) {
        Stat[] shown;
        int most;
        synchronized (this) {
            shown = stats;
            most = count;
        }
        for (int i = 0; i < most; i++) {
            page.accept(shown[i]);
        }
        nested().forEach(group -> group.forEach(page));
    }

    /** Groups inside this one. */
    protected List<? extends StatGroup> nested() {
        return List.of();
    }

    protected final String prefix() {
        return prefix;
    }

    protected final String family() {
        return family;
    }

    protected final List<Label> labels() {
        return labels;
    }

    protected final LongAdder counter(String name) {
        return counter(name, true);
    }

    /** A counter that may be hidden until its first event. */
    protected final LongAdder counter(String name, boolean fromTheStart) {
        LongAdder counter = new LongAdder();
        add(name, name, List.of(), Kind.COUNTER, counter, fromTheStart);
        return counter;
    }

    /** A counter that somebody else keeps. */
    protected final void counter(String name, LongSupplier source) {
        add(name, name, List.of(), Kind.COUNTER, source, true);
    }

    /** A counter whose Prometheus series is told from others of its family by a label, placed first. */
    protected final LongAdder counter(String name, String familyName, Label label, boolean fromTheStart) {
        LongAdder counter = new LongAdder();
        add(name, familyName, List.of(label), Kind.COUNTER, counter, fromTheStart);
        return counter;
    }

    protected final Gauge gauge(String name) {
        return gauge(name, name, List.of());
    }

    protected final Gauge gauge(String name, String familyName, List<Label> further) {
        Gauge gauge = new Gauge();
        add(name, familyName, further, Kind.GAUGE, gauge, true);
        return gauge;
    }

    protected final Histogram histogram(String name, boolean fromTheStart) {
        Histogram histogram = new Histogram();
        add(name, name, List.of(), Kind.HISTOGRAM, histogram, fromTheStart);
        return histogram;
    }

    /** Words instead of a number. */
    protected final void text(String name, Supplier<String> words) {
        add(name, name, List.of(), Kind.TEXT, words, true);
    }

    private static long zero() {
        return 0;
    }

    /** Counters of Envoy's that cannot move here; shown as zero, so that a query for them finds something. */
    protected final void zeroCounters(String... names) {
        for (String name : names) {
            add(name, name, List.of(), Kind.COUNTER, (LongSupplier) StatGroup::zero, true);
        }
    }

    /** Gauges of Envoy's that have no meaning here; shown as zero. */
    protected final void zeroGauges(String... names) {
        for (String name : names) {
            add(name, name, List.of(), Kind.GAUGE, (LongSupplier) StatGroup::zero, true);
        }
    }

    private void add(
            String name, String familyName, List<Label> further, Kind kind, Object source, boolean fromTheStart) {
        Stat stat = new Stat(this, name, familyName, further, kind, source, fromTheStart);
        synchronized (this) {
            if (count == stats.length) {
                stats = Arrays.copyOf(stats, count * 2);
            }
            stats[count++] = stat;
        }
    }
}
