package io.grpcweb.gateway.upstream.host;

import java.util.Arrays;

/**
 * Which share of the calls each priority level gets, and which levels are in panic; a pure function of how many
 * endpoints each level has. The rules, with their rounding, are those of Envoy's documentation ("Priority levels",
 * "Degraded endpoints", "Panic threshold"): a level's health is its healthy share times 1.4, at most 100 %; the levels
 * are filled in order; where all of them together are below 100 %, loads are scaled up and levels with fewer healthy
 * endpoints than the threshold use all of theirs.
 */
final class PriorityLoad {
    private static final int OVERPROVISIONING = 140;

    private final int[] healthy;
    private final int[] degraded;
    private final boolean[] panic;

    /** How many endpoints of a level there are, and how many of them are healthy or only degraded. */
    record Count(int all, int healthy, int degraded) {
        private int percent(int part) {
            return all == 0 ? 0 : Math.min(100, OVERPROVISIONING * part / all);
        }

        private double usablePercent() {
            return all == 0 ? 0 : 100.0 * healthy / all + 100.0 * degraded / all;
        }
    }

    PriorityLoad(Count[] levels, double panicThreshold) {
        healthy = new int[levels.length];
        degraded = new int[levels.length];
        panic = new boolean[levels.length];
        int[] health = Arrays.stream(levels)
                .mapToInt(level -> level.percent(level.healthy()))
                .toArray();
        int[] degradation = Arrays.stream(levels)
                .mapToInt(level -> level.percent(level.degraded()))
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
        int total = Arrays.stream(levels).mapToInt(Count::all).sum();
        if (total == 0) {
            give(0);
            return;
        }
        int left = 100;
        int first = -1;
        for (int i = 0; i < levels.length; i++) {
            healthy[i] = 100 * levels[i].all() / total;
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
