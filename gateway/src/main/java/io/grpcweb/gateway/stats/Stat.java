package io.grpcweb.gateway.stats;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One number as the pages see it.
 *
 * @param name dotted, as {@code /stats} prints it
 * @param family of the Prometheus page, such as {@code envoy_cluster_upstream_rq_xx}
 * @param labels of the Prometheus page, in the order of printing
 * @param value of a counter or a gauge
 * @param histogram of a histogram, else null
 * @param present whether it is shown already: some appear with their first event
 * @param reset sets a counter back to zero
 * @param text of a text, else null
 */
public record Stat(
        String name,
        String family,
        List<Label> labels,
        Kind kind,
        LongSupplier value,
        Histogram histogram,
        BooleanSupplier present,
        Runnable reset,
        Supplier<String> text) {

    /** A number. */
    Stat(
            String name,
            String family,
            List<Label> labels,
            Kind kind,
            LongSupplier value,
            Histogram histogram,
            BooleanSupplier present,
            Runnable reset) {
        this(name, family, labels, kind, value, histogram, present, reset, null);
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

    /** Whether anything was ever counted in it. */
    public boolean used() {
        if (text != null) {
            return !text.get().isEmpty();
        }
        return histogram == null ? value.getAsLong() != 0 : histogram.snapshot().count() > 0;
    }
}
