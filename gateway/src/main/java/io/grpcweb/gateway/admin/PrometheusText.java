package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.stats.Histogram;
import io.grpcweb.gateway.stats.Stat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes numbers as Envoy's {@code /stats/prometheus} does: no HELP, braces even without a label, counters before gauges
 * before histograms. Micrometer's writer would add {@code _total} to every counter, which Envoy's dashboards do not expect.
 */
final class PrometheusText {
    private final StringBuilder out = new StringBuilder(1 << 17);

    static String of(Collection<Stat> stats) {
        PrometheusText text = new PrometheusText();
        for (Stat.Kind kind : Stat.Kind.values()) {
            Map<String, List<Stat>> families = new TreeMap<>();
            for (Stat stat : stats) {
                if (stat.kind() == kind && stat.text() == null) {
                    families.computeIfAbsent(stat.family(), family -> new ArrayList<>())
                            .add(stat);
                }
            }
            families.values().forEach(text::family);
        }
        return text.out.toString();
    }

    private void family(List<Stat> stats) {
        String family = stats.get(0).family();
        out.append("# TYPE ").append(family).append(' ');
        out.append(stats.get(0).kind().text()).append('\n');
        for (Stat stat : stats) {
            if (stat.histogram() == null) {
                out.append(family);
                braces(stat.labels());
                out.append(stat.value().getAsLong()).append('\n');
            } else {
                histogram(family, stat.labels(), stat.histogram().snapshot());
            }
        }
    }

    private void histogram(String family, List<Stat.Label> labels, Histogram.Snapshot snapshot) {
        for (int i = 0; i < snapshot.size(); i++) {
            out.append(family).append("_bucket{");
            labels(labels);
            if (!labels.isEmpty()) {
                out.append(',');
            }
            out.append("le=\"").append(snapshot.label(i)).append("\"} ");
            out.append(snapshot.cumulative(i)).append('\n');
        }
        out.append(family).append("_sum");
        braces(labels);
        out.append(number(snapshot.sum())).append('\n');
        out.append(family).append("_count");
        braces(labels);
        out.append(snapshot.count()).append('\n');
    }

    private void braces(List<Stat.Label> labels) {
        out.append('{');
        labels(labels);
        out.append("} ");
    }

    private void labels(List<Stat.Label> labels) {
        for (int i = 0; i < labels.size(); i++) {
            out.append(i == 0 ? "" : ",").append(labels.get(i).name()).append("=\"");
            escape(labels.get(i).value());
            out.append('"');
        }
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
    }

    /** Whole numbers without a point. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
