package io.grpcweb.gateway.upstream.health;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the active health checks of one endpoint have found so far: the result of a check goes in, a change of the
 * endpoint's flags and the pause until the next check come out. Thresholds and intervals are Envoy's: the very first
 * check decides at once when it is good; an endpoint that itself answers that it is not well is believed at once,
 * only failures of the network are counted up to the threshold. Confined to the cluster's loop.
 */
public final class HealthState {
    private final ClusterConfig.HealthCheck config;
    private final Host host;
    private final List<HealthState> together;
    private boolean first = true;

    /** What this check alone has found. */
    private boolean well;

    private int good;
    private int bad;

    /** What a check found. */
    public enum Result {
        GOOD,
        /** It serves, but asks for less ({@code x-envoy-degraded}). */
        DEGRADED,
        /** It answered that it does not serve. */
        BAD,
        /** It could not be reached, or broke off. */
        UNREACHABLE,
        TIMEOUT;

        public boolean isGood() {
            return this == GOOD || this == DEGRADED;
        }
    }

    /**
     * What follows from a result.
     *
     * @param changed whether the endpoint's flags changed
     * @param pause until the next check, without jitter
     */
    record Step(boolean changed, Duration pause) {}

    private enum Transition {
        NONE,
        PENDING,
        DONE
    }

    /** The only check of an endpoint. */
    HealthState(ClusterConfig.HealthCheck config, Host host) {
        this(config, host, new ArrayList<>());
    }

    /** One of several checks, which joins the others: the endpoint is well when each of them finds it so. */
    HealthState(ClusterConfig.HealthCheck config, Host host, List<HealthState> together) {
        this.config = config;
        this.host = host;
        this.together = together;
        together.add(this);
    }

    /** Whether no check has ended yet. */
    boolean isFirst() {
        return first;
    }

    /**
     * A check has ended.
     *
     * @param traffic whether the cluster has ever had a connection; without, checks are rarer
     */
    Step on(Result result, boolean traffic, long nowNanos) {
        Transition transition = result.isGood() ? succeeded(nowNanos) : failed(result);
        boolean changed = transition == Transition.DONE;
        if (result.isGood()) {
            changed |= result == Result.DEGRADED
                    ? host.set(HealthFlag.DEGRADED_ACTIVE_HC)
                    : host.clear(HealthFlag.DEGRADED_ACTIVE_HC);
        }
        first = false;
        return new Step(changed, pause(result.isGood(), transition == Transition.PENDING, traffic));
    }

    /** The endpoint has said, in answering a call, that it is not well. True where that is news. */
    boolean saysSo() {
        good = 0;
        well = false;
        return host.set(HealthFlag.FAILED_ACTIVE_HC);
    }

    private Transition succeeded(long nowNanos) {
        bad = 0;
        if (well || !host.has(HealthFlag.FAILED_ACTIVE_HC)) {
            well = true;
            return Transition.NONE;
        }
        if (!first && ++good < config.healthyThreshold()) {
            return Transition.PENDING;
        }
        well = true;
        if (together.stream().anyMatch(other -> !other.well)) {
            return Transition.NONE;
        }
        host.clear(HealthFlag.ACTIVE_HC_TIMEOUT);
        host.clear(HealthFlag.FAILED_ACTIVE_HC);
        host.healthySince(nowNanos);
        return Transition.DONE;
    }

    private Transition failed(Result result) {
        good = 0;
        Transition transition = Transition.NONE;
        if (well || !host.has(HealthFlag.FAILED_ACTIVE_HC)) {
            if (result == Result.BAD || ++bad >= config.unhealthyThreshold()) {
                well = false;
                transition = host.set(HealthFlag.FAILED_ACTIVE_HC) ? Transition.DONE : Transition.NONE;
            } else {
                transition = Transition.PENDING;
            }
        }
        if (result == Result.TIMEOUT && host.has(HealthFlag.FAILED_ACTIVE_HC)) {
            host.set(HealthFlag.ACTIVE_HC_TIMEOUT);
        } else {
            host.clear(HealthFlag.ACTIVE_HC_TIMEOUT);
        }
        return transition;
    }

    private Duration pause(boolean wasGood, boolean edge, boolean traffic) {
        if (!traffic) {
            return config.noTrafficInterval();
        }
        if (wasGood) {
            return edge ? config.healthyEdgeInterval() : config.interval();
        }
        return edge ? config.unhealthyEdgeInterval() : config.unhealthyInterval();
    }

    /**
     * With jitter.
     *
     * @param random any number, used twice
     */
    static Duration jittered(ClusterConfig.HealthCheck config, Duration pause, long random) {
        long nanos = pause.toNanos();
        long share = nanos / 100 * config.intervalJitterPercent();
        long most = config.intervalJitter().toNanos();
        long jitter = (share > 0 ? Long.remainderUnsigned(random, share) : 0)
                + (most > 0 ? Long.remainderUnsigned(random, most) : 0);
        return Duration.ofNanos(Math.max(1_000_000, nanos + jitter));
    }
}
