package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Kind;
import io.grpcweb.gateway.stats.Stat.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Numbers that share a prefix and labels. A subclass has a field for each, so that the data path touches nothing else;
 * the group keeps the list of them for the pages.
 */
public abstract class StatGroup {
    private final String prefix;
    private final String family;
    private final List<Label> labels;
    private final List<Stat> stats = new CopyOnWriteArrayList<>();

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
        stats.forEach(page);
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
        add(name, name, List.of(), counter, fromTheStart ? StatGroup::always : () -> counter.sum() != 0);
        return counter;
    }

    /** A counter that somebody else keeps. */
    protected final void counter(String name, LongSupplier source) {
        stats.add(new Stat(
                prefix + '.' + name,
                family + '_' + sanitized(name),
                labels,
                Kind.COUNTER,
                source,
                null,
                StatGroup::always,
                StatGroup::nothing));
    }

    /** A counter whose Prometheus series is told from others of its family by a label, placed first. */
    protected final LongAdder counter(String name, String familyName, Label label, boolean fromTheStart) {
        LongAdder counter = new LongAdder();
        add(name, familyName, List.of(label), counter, fromTheStart ? StatGroup::always : () -> counter.sum() != 0);
        return counter;
    }

    protected final Gauge gauge(String name) {
        return gauge(name, name, List.of());
    }

    protected final Gauge gauge(String name, String familyName, List<Label> further) {
        Gauge gauge = new Gauge();
        stats.add(new Stat(
                prefix + '.' + name,
                family + '_' + sanitized(familyName),
                joined(further),
                Kind.GAUGE,
                gauge::value,
                null,
                StatGroup::always,
                StatGroup::nothing));
        return gauge;
    }

    protected final Histogram histogram(String name, boolean fromTheStart) {
        Histogram histogram = new Histogram();
        stats.add(new Stat(
                prefix + '.' + name,
                family + '_' + sanitized(name),
                labels,
                Kind.HISTOGRAM,
                () -> 0,
                histogram,
                fromTheStart ? StatGroup::always : () -> histogram.snapshot().count() > 0,
                StatGroup::nothing));
        return histogram;
    }

    /** Words instead of a number. */
    protected final void text(String name, Supplier<String> words) {
        stats.add(new Stat(
                prefix + '.' + name,
                family + '_' + sanitized(name),
                labels,
                Kind.TEXT,
                () -> 0,
                null,
                StatGroup::always,
                StatGroup::nothing,
                words));
    }

    /** Counters of Envoy's that cannot move here; shown as zero, so that a query for them finds something. */
    protected final void zeroCounters(String... names) {
        for (String name : names) {
            counter(name);
        }
    }

    /** Gauges of Envoy's that have no meaning here; shown as zero. */
    protected final void zeroGauges(String... names) {
        for (String name : names) {
            gauge(name);
        }
    }

    private void add(String name, String familyName, List<Label> further, LongAdder counter, BooleanSupplier present) {
        stats.add(new Stat(
                prefix + '.' + name,
                family + '_' + sanitized(familyName),
                joined(further),
                Kind.COUNTER,
                counter::sum,
                null,
                present,
                counter::reset));
    }

    private List<Label> joined(List<Label> further) {
        if (further.isEmpty()) {
            return labels;
        }
        List<Label> all = new ArrayList<>(further);
        all.addAll(labels);
        return List.copyOf(all);
    }

    private static boolean always() {
        return true;
    }

    private static void nothing() {}

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
