package io.grpcweb.gateway.upstream.host;

import java.util.Arrays;

/**
 * Which share of the calls each priority level gets, and which levels are in panic; a pure function of how many
 * endpoints each level has, or what they weigh. The rules, with their rounding, are those of Envoy's documentation ("Priority levels",
 * "Degraded endpoints", "Panic threshold"): a level's health is its healthy share times 1.4 or what the
 * assignment says, at most 100 %; the levels
 * are filled in order; where all of them together are below 100 %, loads are scaled up and levels with fewer healthy
 * endpoints than the threshold use all of theirs.
 */
final class PriorityLoad {
    private final int[] healthy;
    private final int[] degraded;
    private final boolean[] panic;

    /**
     * How many endpoints of a level there are, and how many of them are healthy or only degraded.
     *
     * @param counted all without those that are to be left out of shares, such as draining ones
     */
    record Count(long all, long counted, long healthy, long degraded) {
        private int percent(long part, int overprovisioning) {
            return counted == 0 ? 0 : (int) Math.min(100, overprovisioning * part / counted);
        }

        private double usablePercent() {
            return counted == 0 ? 0 : 100.0 * healthy / counted + 100.0 * degraded / counted;
        }
    }

    /** @param overprovisioning percent by which healthy shares are scaled */
    PriorityLoad(Count[] levels, double panicThreshold, int overprovisioning) {
        healthy = new int[levels.length];
        degraded = new int[levels.length];
        panic = new boolean[levels.length];
        int[] health = Arrays.stream(levels)
                .mapToInt(level -> level.percent(level.healthy(), overprovisioning))
                .toArray();
        int[] degradation = Arrays.stream(levels)
                .mapToInt(level -> level.percent(level.degraded(), overprovisioning))
                .toArray();
        int available = Math.min(
                100, Arrays.stream(health).sum() + Arrays.stream(degradation).sum());
        if (available > 0) {
            int left = distribute(100, health, available, healthy);
            left = distribute(left, degradation, available, degraded);
            int firstHealthy = firstPositive(health);
            if (firstHealthy >= 0) {
                healthy[firstHealthy] += left;
            } else {
                degraded[firstPositive(degradation)] += left;
            }
        }
        if (available == 0 && panicThreshold == 0) {
            give(0);
            return;
        }
        boolean everywhere = levels.length > 0;
        for (int i = 0; i < levels.length; i++) {
            panic[i] = available < 100 && levels[i].usablePercent() < panicThreshold;
            everywhere &= panic[i];
        }
        if (everywhere) {
            byNumberOfHosts(levels);
        }
    }

    private static int distribute(int load, int[] availability, int available, int[] shares) {
        int left = load;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.min(left, availability[i] * 100 / available);
            left -= shares[i];
        }
        return left;
    }

    private static int firstPositive(int[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] > 0) {
                return i;
            }
        }
        return -1;
    }

    /** All levels are in panic: in proportion to their sizes, whatever their health. */
    private void byNumberOfHosts(Count[] levels) {
        Arrays.fill(degraded, 0);
        long total = Arrays.stream(levels).mapToLong(Count::all).sum();
        if (total == 0) {
            give(0);
            return;
        }
        int left = 100;
        int first = -1;
        for (int i = 0; i < levels.length; i++) {
            healthy[i] = (int) (100 * levels[i].all() / total);
            left -= healthy[i];
            if (first < 0 && levels[i].all() > 0) {
                first = i;
            }
        }
        healthy[first] += left;
    }

    private void give(int level) {
        Arrays.fill(healthy, 0);
        Arrays.fill(degraded, 0);
        if (healthy.length > level) {
            healthy[level] = 100;
        }
    }

    /** Percent of the calls that go to the healthy endpoints of a level. */
    int healthy(int level) {
        return healthy[level];
    }

    /** Percent of the calls that go to the degraded endpoints of a level. */
    int degraded(int level) {
        return degraded[level];
    }

    boolean panic(int level) {
        return panic[level];
    }

    /** The level for a random number, times two, plus one if its degraded endpoints are meant. */
    int choose(long random) {
        int mark = (int) Long.remainderUnsigned(random, 100) + 1;
        int sum = 0;
        for (int i = 0; i < healthy.length; i++) {
            sum += healthy[i];
            if (mark <= sum) {
                return 2 * i;
            }
        }
        for (int i = 0; i < degraded.length; i++) {
            sum += degraded[i];
            if (mark <= sum) {
                return 2 * i + 1;
            }
        }
        return 0;
    }
}
