package io.grpcweb.gateway.admin;

import com.google.re2j.PatternSyntaxException;
import io.grpcweb.gateway.stats.Stat;
import io.grpcweb.gateway.stats.Stats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** {@code /stats} and {@code /stats/prometheus}: which numbers are asked for, and in which form. */
final class StatsPage implements Page {
    private static final String FORMATS = "usage: /stats?format=(html|active-html|json|prometheus|text)\n\n";

    private final Stats stats;
    private final HistogramIntervals intervals;
    private final boolean prometheus;

    /**
     * The page.
     *
     * @param prometheus whether that is the only form
     */
    StatsPage(Stats stats, HistogramIntervals intervals, boolean prometheus) {
        this.stats = stats;
        this.intervals = intervals;
        this.prometheus = prometheus;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        List<Stat> chosen = new ArrayList<>();
        try {
            stats.byName().values().stream().filter(filter(request)).forEach(chosen::add);
        } catch (PatternSyntaxException e) {
            return AdminResponse.text(400, "Invalid re2 regex: " + e.getDescription() + ": " + e.getPattern() + "\n");
        } catch (IllegalArgumentException e) {
            return AdminResponse.text(400, e.getMessage());
        }
        String format = prometheus ? "prometheus" : request.query().getOrDefault("format", "text");
        String buckets = request.query().getOrDefault("histogram_buckets", "");
        return switch (format) {
            case "text" -> AdminResponse.text(StatsText.of(chosen, intervals, buckets));
            case "json" -> AdminResponse.json(StatsJson.of(chosen, intervals));
            case "prometheus" -> AdminResponse.text(PrometheusText.of(chosen));
            case "html", "active-html" ->
                AdminResponse.html(
                        Html.page("Stats", "<pre>" + Html.escape(StatsText.of(chosen, intervals, buckets)) + "</pre>"));
            default -> AdminResponse.text(400, FORMATS);
        };
    }

    private static Predicate<Stat> filter(AdminRequest request) {
        Predicate<Stat> wanted = type(request.query().getOrDefault("type", "All"));
        String filter = request.value("filter");
        if (filter != null && !filter.isEmpty()) {
            NameFilter names = new NameFilter(filter);
            boolean inverted = request.has("invert_filter");
            wanted = wanted.and(stat -> names.finds(stat.name()) != inverted);
        }
        return request.has("usedonly") ? wanted.and(Stat::used) : wanted;
    }

    private static Predicate<Stat> type(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "all", "" -> stat -> true;
            case "counters" -> stat -> stat.kind() == Stat.Kind.COUNTER;
            case "gauges" -> stat -> stat.kind() == Stat.Kind.GAUGE;
            case "histograms" -> stat -> stat.kind() == Stat.Kind.HISTOGRAM;
            case "textreadouts" -> stat -> stat.kind() == Stat.Kind.TEXT;
            default ->
                throw new IllegalArgumentException(
                        "usage: /stats?type=(All|Counters|Histograms|Gauges|TextReadouts)\n\n");
        };
    }
}
