package io.grpcweb.gateway.upstream.health;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.OutlierMonitor;
import io.grpcweb.gateway.upstream.host.OutlierMonitor.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Decides which endpoints are taken out because of how their calls go, and when they come back: Envoy's outlier
 * detection, all kinds. An event and the time go in, and whether a health flag changed comes out. Confined to the
 * cluster's loop.
 */
public final class OutlierDetector {
    private final ClusterConfig.OutlierDetection config;
    private final IntSupplier dice;
    private final OutlierCounters counters = new OutlierCounters();
    private final Map<Host, History> histories = new LinkedHashMap<>();

    /** What is known of an endpoint beside its monitor. */
    private static final class History {
        private int multiplier;
        private long ejectedNanos;
        private long returnedNanos;
        private boolean hasReturned;
    }

    /** The success rate of an endpoint with enough calls. */
    private record Rate(Host host, double percent) {}

    /** @param dice 0 to 99, for enforcing percentages */
    public OutlierDetector(ClusterConfig.OutlierDetection config, IntSupplier dice) {
        this.config = config;
        this.dice = dice;
    }

    public OutlierCounters counters() {
        return counters;
    }

    public void added(List<Host> hosts) {
        hosts.forEach(host -> histories.put(host, new History()));
    }

    public void removed(List<Host> hosts) {
        for (Host host : hosts) {
            if (histories.remove(host) != null && host.ejected()) {
                counters.active(-1);
            }
        }
    }

    /** A number of failures in a row was reached; returns whether the endpoint is out now. */
    public boolean tripped(Host host, Kind kind, long nowNanos) {
        if (!histories.containsKey(host) || host.ejected()) {
            return false;
        }
        boolean ejected = detected(host, kind, nowNanos);
        host.outlier().reset(kind);
        return ejected;
    }

    private boolean detected(Host host, Kind kind, long nowNanos) {
        counters.detected(kind);
        double percent = 100.0 * (counters.active() + 1) / histories.size();
        boolean within = percent <= Math.min(100, config.maxEjectionPercent());
        if (!within && !(config.alwaysEjectOne() && counters.active() == 0)) {
            counters.overflow();
            return false;
        }
        counters.withinLimit(kind);
        if (dice.getAsInt() >= enforcing(kind) || !host.set(HealthFlag.FAILED_OUTLIER_CHECK)) {
            return false;
        }
        counters.enforced(kind);
        counters.active(1);
        History known = histories.get(host);
        known.ejectedNanos = nowNanos;
        if (known.multiplier * base() < longest() + base()) {
            known.multiplier++;
        }
        return true;
    }

    private int enforcing(Kind kind) {
        return switch (kind) {
            case CONSECUTIVE_5XX -> config.enforcingConsecutive5xx();
            case CONSECUTIVE_GATEWAY_FAILURE -> config.enforcingConsecutiveGatewayFailure();
            case CONSECUTIVE_LOCAL_ORIGIN_FAILURE -> config.enforcingConsecutiveLocalOriginFailure();
            case SUCCESS_RATE, LOCAL_ORIGIN_SUCCESS_RATE -> config.enforcingSuccessRate();
            case FAILURE_PERCENTAGE, LOCAL_ORIGIN_FAILURE_PERCENTAGE -> config.enforcingFailurePercentage();
        };
    }

    private long base() {
        return config.baseEjectionTime().toNanos();
    }

    private long longest() {
        return Math.max(config.maxEjectionTime().toNanos(), base());
    }

    /** The interval is over; returns whether any endpoint has come back or is out now. */
    public boolean interval(long nowNanos) {
        boolean changed = false;
        for (Map.Entry<Host, History> entry : histories.entrySet()) {
            History known = entry.getValue();
            if (entry.getKey().ejected()
                    && nowNanos - known.ejectedNanos >= Math.min(base() * known.multiplier, longest())) {
                bringBack(entry.getKey(), nowNanos);
                changed = true;
            }
        }
        changed |= judge(false, nowNanos);
        if (config.splitExternalLocalOriginErrors()) {
            changed |= judge(true, nowNanos);
        }
        forgive(nowNanos);
        return changed;
    }

    /** An active health check found the endpoint well: that counts more. Returns whether it is back. */
    public boolean healthCheckPassed(Host host, long nowNanos) {
        if (!histories.containsKey(host) || !host.ejected()) {
            return false;
        }
        bringBack(host, nowNanos);
        return true;
    }

    private void bringBack(Host host, long nowNanos) {
        counters.active(-1);
        host.clear(HealthFlag.FAILED_OUTLIER_CHECK);
        host.healthySince(nowNanos);
        host.outlier().resetAll();
        History known = histories.get(host);
        known.returnedNanos = nowNanos;
        known.hasReturned = true;
    }

    private boolean judge(boolean local, long nowNanos) {
        List<Rate> forRate = new ArrayList<>();
        List<Rate> forPercentage = new ArrayList<>();
        long leastVolume = Math.min(config.successRateRequestVolume(), config.failurePercentageRequestVolume());
        for (Host host : histories.keySet()) {
            OutlierMonitor.Past past =
                    (local ? host.outlier().local() : host.outlier().answers()).turn();
            boolean told = !host.ejected() && past.total() > 0;
            if (!local) {
                host.successRate(told && past.total() >= leastVolume ? past.percent() : -1);
            }
            if (told && past.total() >= config.successRateRequestVolume()) {
                forRate.add(new Rate(host, past.percent()));
            }
            if (told && past.total() >= config.failurePercentageRequestVolume()) {
                forPercentage.add(new Rate(host, past.percent()));
            }
        }
        boolean changed = false;
        if (!forRate.isEmpty() && forRate.size() >= config.successRateMinimumHosts()) {
            double threshold = threshold(forRate);
            for (Rate rate : forRate) {
                changed |= rate.percent() < threshold
                        && detected(rate.host(), local ? Kind.LOCAL_ORIGIN_SUCCESS_RATE : Kind.SUCCESS_RATE, nowNanos);
            }
        }
        if (!forPercentage.isEmpty() && forPercentage.size() >= config.failurePercentageMinimumHosts()) {
            for (Rate rate : forPercentage) {
                changed |= 100 - rate.percent() >= config.failurePercentageThreshold()
                        && detected(
                                rate.host(),
                                local ? Kind.LOCAL_ORIGIN_FAILURE_PERCENTAGE : Kind.FAILURE_PERCENTAGE,
                                nowNanos);
            }
        }
        return changed;
    }

    /** The mean less some standard deviations (thousandths of one in the configuration). */
    private double threshold(List<Rate> rates) {
        double mean = rates.stream().mapToDouble(Rate::percent).average().orElseThrow();
        double variance = rates.stream()
                .mapToDouble(rate -> (rate.percent() - mean) * (rate.percent() - mean))
                .average()
                .orElseThrow();
        return mean - config.successRateStdevFactor() / 1000.0 * Math.sqrt(variance);
    }

    /** An endpoint that has been well for an interval since its return will be ejected for less long next time. */
    private void forgive(long nowNanos) {
        histories.forEach((host, known) -> {
            if (!host.ejected()
                    && known.hasReturned
                    && known.multiplier > 0
                    && nowNanos - known.returnedNanos >= config.interval().toNanos()) {
                known.multiplier--;
            }
        });
    }
}
