package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.stats.Histogram;
import io.grpcweb.gateway.stats.Stat;
import java.util.List;

/** Lines {@code name: value}; histograms stand behind the others, as quantiles or as buckets. */
final class StatsText {
    static final double[] QUANTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100};

    private StatsText() {}

    static String of(List<Stat> stats, HistogramIntervals intervals, String buckets) {
        StringBuilder out = new StringBuilder(1 << 15);
        for (Stat stat : stats) {
            if (stat.text() != null) {
                out.append(stat.name()).append(": \"").append(stat.text().get()).append("\"\n");
            } else if (stat.histogram() == null) {
                out.append(stat.name()).append(": ").append(stat.value().getAsLong());
                out.append('\n');
            }
        }
        for (Stat stat : stats) {
            if (stat.histogram() != null) {
                out.append(stat.name()).append(": ");
                Histogram.Snapshot all = stat.histogram().snapshot();
                Histogram.Snapshot interval = intervals.of(stat.histogram());
                if (all.count() == 0) {
                    out.append("No recorded values");
                } else if (buckets.equals("cumulative") || buckets.equals("disjoint")) {
                    buckets(out, interval, all, buckets.equals("disjoint"));
                } else {
                    quantiles(out, interval, all);
                }
                out.append('\n');
            }
        }
        return out.toString();
    }

    private static void quantiles(StringBuilder out, Histogram.Snapshot interval, Histogram.Snapshot all) {
        for (int i = 0; i < QUANTILES.length; i++) {
            double share = QUANTILES[i] / 100;
            out.append(i == 0 ? "P" : " P").append(PrometheusText.number(QUANTILES[i]));
            out.append('(').append(PrometheusText.number(interval == null ? Double.NaN : interval.quantile(share)));
            out.append(',').append(PrometheusText.number(all.quantile(share))).append(')');
        }
    }

    private static void buckets(
            StringBuilder out, Histogram.Snapshot interval, Histogram.Snapshot all, boolean disjoint) {
        for (int i = 0; i < all.size() - 1; i++) {
            out.append(i == 0 ? "B" : " B").append(all.label(i)).append('(');
            out.append(interval == null ? 0 : count(interval, i, disjoint)).append(',');
            out.append(count(all, i, disjoint)).append(')');
        }
    }

    private static long count(Histogram.Snapshot snapshot, int bucket, boolean disjoint) {
        return snapshot.cumulative(bucket) - (disjoint && bucket > 0 ? snapshot.cumulative(bucket - 1) : 0);
    }
}
