package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.stats.Histogram;
import io.grpcweb.gateway.stats.Stats;
import java.util.IdentityHashMap;

/** What the histograms got between the last two ticks; on the admin thread alone. */
final class HistogramIntervals {
    private final Stats stats;
    private final IdentityHashMap<Histogram, Histogram.Snapshot> last = new IdentityHashMap<>();
    private final IdentityHashMap<Histogram, Histogram.Snapshot> between = new IdentityHashMap<>();

    HistogramIntervals(Stats stats) {
        this.stats = stats;
    }

    /** An interval ends. */
    void tick() {
        stats.forEach(stat -> {
            Histogram histogram = stat.histogram();
            if (histogram != null) {
                Histogram.Snapshot now = histogram.snapshot();
                Histogram.Snapshot before = last.put(histogram, now);
                between.put(histogram, before == null ? now : now.since(before));
            }
        });
    }

    /** The last whole interval of a histogram; null before the first. */
    Histogram.Snapshot of(Histogram histogram) {
        return between.get(histogram);
    }
}
