package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.stats.Histogram;
import io.grpcweb.gateway.stats.Stat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code {"stats":[{"name","value"}, ..., {"histograms":{...}}]}}. */
final class StatsJson {
    private StatsJson() {}

    static String of(List<Stat> stats, HistogramIntervals intervals) {
        List<Object> list = new ArrayList<>();
        List<Object> histograms = new ArrayList<>();
        for (Stat stat : stats) {
            if (stat.text() != null) {
                list.add(entry("name", stat.name(), "value", stat.text().get()));
            } else if (stat.histogram() == null) {
                list.add(entry("name", stat.name(), "value", stat.value().getAsLong()));
            } else {
                histograms.add(entry("name", stat.name(), "values", quantiles(stat.histogram(), intervals)));
            }
        }
        if (!histograms.isEmpty()) {
            List<Double> supported = Arrays.stream(StatsText.QUANTILES).boxed().toList();
            list.add(Map.of("histograms", entry("supported_quantiles", supported, "computed_quantiles", histograms)));
        }
        return Json.compact(Map.of("stats", list));
    }

    private static List<Object> quantiles(Histogram histogram, HistogramIntervals intervals) {
        Histogram.Snapshot all = histogram.snapshot();
        Histogram.Snapshot interval = intervals.of(histogram);
        List<Object> values = new ArrayList<>();
        for (double quantile : StatsText.QUANTILES) {
            values.add(entry(
                    "cumulative",
                    all.quantile(quantile / 100),
                    "interval",
                    interval == null ? null : (Object) interval.quantile(quantile / 100)));
        }
        return values;
    }

    private static Map<String, Object> entry(String first, Object one, String second, Object two) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put(first, one);
        entry.put(second, two);
        return entry;
    }
}
