package io.grpcweb.gateway.stats;

import java.util.concurrent.atomic.LongAdder;

/**
 * How values are spread over Envoy's 19 buckets, and their sum. Recording is a search in a small array and two striped
 * additions: no lock and, after the first value, no allocation.
 */
public final class Histogram {
    private static final long MILLI = 1_000_000;

    /** Upper bounds in millionths of the unit, inclusive; a last bucket without a bound follows. */
    private static final long[] BOUNDS = {
        MILLI / 2,
        MILLI,
        5 * MILLI,
        10 * MILLI,
        25 * MILLI,
        50 * MILLI,
        100 * MILLI,
        250 * MILLI,
        500 * MILLI,
        1000 * MILLI,
        2500 * MILLI,
        5000 * MILLI,
        10_000 * MILLI,
        30_000 * MILLI,
        60_000 * MILLI,
        300_000 * MILLI,
        600_000 * MILLI,
        1_800_000 * MILLI,
        3_600_000 * MILLI
    };

    /** The bounds as Envoy prints them. */
    private static final String[] LABELS = {
        "0.5", "1", "5", "10", "25", "50", "100", "250", "500", "1000", "2500", "5000", "10000", "30000", "60000",
        "300000", "600000", "1800000", "3600000", "+Inf"
    };

    private static final Snapshot EMPTY = new Snapshot(new long[BOUNDS.length + 1], 0);

    /** Null until something is recorded: there are a dozen histograms for each cluster, and most stay empty. */
    private volatile Cells cells;

    /** Where is counted. */
    private static final class Cells {
        private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
        private final LongAdder sum = new LongAdder();

        Cells() {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = new LongAdder();
            }
        }
    }

    /** Notes a duration in nanoseconds; it is shown in milliseconds. */
    public void recordNanos(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
            bucket++;
        }
        Cells own = cells;
        if (own == null) {
            own = begun();
        }
        own.counts[bucket].increment();
        own.sum.add(nanos);
    }

    private synchronized Cells begun() {
        if (cells == null) {
            cells = new Cells();
        }
        return cells;
    }

    /** Notes a number that is not a duration. */
    public void record(long number) {
        recordNanos(number * MILLI);
    }

    /** The state now, for the pages. */
    public Snapshot snapshot() {
        Cells own = cells;
        if (own == null) {
            return EMPTY;
        }
        long[] cumulative = new long[own.counts.length];
        long total = 0;
        for (int i = 0; i < cumulative.length; i++) {
            total += own.counts[i].sum();
            cumulative[i] = total;
        }
        return new Snapshot(cumulative, own.sum.sum() / (double) MILLI);
    }

    /** A histogram at one moment. */
    public static final class Snapshot {
        private final long[] cumulative;
        private final double sum;

        private Snapshot(long[] cumulative, double sum) {
            this.cumulative = cumulative;
            this.sum = sum;
        }

        /** How many values are at most the bound of a bucket. */
        public long cumulative(int bucket) {
            return cumulative[bucket];
        }

        /** Of all values, in milliseconds where they are durations. */
        public double sum() {
            return sum;
        }

        /** How many values there are. */
        public long count() {
            return cumulative[cumulative.length - 1];
        }

        /** How many buckets there are, with the one that has no bound. */
        public int size() {
            return cumulative.length;
        }

        /** The upper bound of a bucket as Envoy prints it. */
        public String label(int bucket) {
            return LABELS[bucket];
        }

        /** The values recorded since an older snapshot. */
        public Snapshot since(Snapshot older) {
            if (older == EMPTY) {
                return this;
            }
            long[] difference = cumulative.clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= older.cumulative[i];
            }
            return new Snapshot(difference, sum - older.sum);
        }

        /** The value below which a share of all lies, as far as the buckets tell; not a number without any. */
        public double quantile(double share) {
            if (count() == 0) {
                return Double.NaN;
            }
            double rank = share * count();
            int bucket = 0;
            while (bucket < BOUNDS.length && cumulative[bucket] < Math.max(rank, 1e-9)) {
                bucket++;
            }
            if (bucket == BOUNDS.length) {
                return BOUNDS[bucket - 1] / (double) MILLI;
            }
            double lower = bucket == 0 ? 0 : BOUNDS[bucket - 1] / (double) MILLI;
            double upper = BOUNDS[bucket] / (double) MILLI;
            long below = bucket == 0 ? 0 : cumulative[bucket - 1];
            return lower + (upper - lower) * Math.max(0, rank - below) / (cumulative[bucket] - below);
        }
    }
}
