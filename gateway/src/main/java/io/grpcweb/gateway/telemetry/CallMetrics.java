package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.Stats;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The gateway's own metrics of calls. All meters are prepared or found in a small table; labels are bounded. */
final class CallMetrics implements ExchangeObserver {
    /** Filters make kinds of their own, so that somebody must end them. */
    private static final int MOST_REFUSALS = 100;

    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final Stats stats;
    private final MethodTable methods;
    private final LongAdder active = new LongAdder();
    private final EnumMap<ResponseFlag, Counter> errors = new EnumMap<>(ResponseFlag.class);
    private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
    private final Map<String, Counter> attempts = new ConcurrentHashMap<>();
    private final Counter clientReset;
    private final Counter clientGone;
    private final Counter deadline;
    private final Counter routeTimeout;
    private final Counter idleTimeout;
    private final Counter shutdown;

    CallMetrics(MeterRegistry registry, Stats stats) {
        this.registry = registry;
        this.stats = stats;
        this.methods = new MethodTable(registry);
        Gauge.builder("gateway.active.streams", active, LongAdder::sum)
                .description("Calls under way.")
                .register(registry);
        for (ResponseFlag flag : ResponseFlag.values()) {
            errors.put(flag, error(flag.shortName()));
        }
        this.clientReset = cancelled(registry, "client_reset");
        this.clientGone = cancelled(registry, "client_disconnect");
        this.deadline = cancelled(registry, "deadline");
        this.routeTimeout = cancelled(registry, "route_timeout");
        this.idleTimeout = cancelled(registry, "idle_timeout");
        this.shutdown = cancelled(registry, "shutdown");
    }

    /** The clusters that there are from now on. */
    void clusters(Collection<String> names) {
        attempts.entrySet().removeIf(one -> {
            boolean gone = !names.contains(one.getKey());
            if (gone) {
                registry.remove(one.getValue());
            }
            return gone;
        });
        names.forEach(name -> attempts.computeIfAbsent(name, cluster -> Counter.builder("gateway.upstream.attempts")
                .description("Attempts at backends, retries among them.")
                .tag("cluster", cluster)
                .register(registry)));
    }

    /** Which methods there are. */
    MethodTable methods() {
        return methods;
    }

    private Counter refusal(String kind) {
        Counter known = refusals.get(kind);
        return known != null
                ? known
                : refusals.computeIfAbsent(refusals.size() < MOST_REFUSALS ? kind : OTHER, this::error);
    }

    private Counter error(String flag) {
        return Counter.builder("gateway.errors")
                .description("Calls that ended for a reason that Envoy's response flags name, or its details.")
                .tag("flag", flag)
                .register(registry);
    }

    private static Counter cancelled(MeterRegistry registry, String cause) {
        return Counter.builder("gateway.cancelled.calls")
                .description("Calls to backends that were given up.")
                .tag("cause", cause)
                .register(registry);
    }

    @Override
    public void started(StreamInfo info) {
        active.increment();
    }

    @Override
    public void ended(StreamInfo info) {
        active.decrement();
        MethodMeters meters = methods.of(info);
        meters.ended(info);
        Counter attempted = info.attempts == 0 || info.cluster == null ? null : attempts.get(info.cluster);
        if (attempted != null) {
            attempted.increment(info.attempts);
            if (info.format.isGrpcWeb() && methods.isKnown(meters) && !info.hasFlags() && info.grpcStatus >= 0) {
                meters.envoys(stats, info.cluster).count(info.grpcStatus);
            }
        }
        if (info.hasFlags()) {
            for (ResponseFlag flag : info.flags()) {
                errors.get(flag).increment();
            }
        } else if (info.refused) {
            refusal(info.details == null ? OTHER : info.details.kind()).increment();
        }
        Counter cause = cause(info);
        if (cause != null) {
            cause.increment();
        }
    }

    private Counter cause(StreamInfo info) {
        if (!info.hasFlags()) {
            return info.details == Details.DURATION_TIMEOUT ? deadline : null;
        }
        if (info.has(ResponseFlag.DOWNSTREAM_REMOTE_RESET)) {
            return clientReset;
        }
        if (info.has(ResponseFlag.DOWNSTREAM_TERMINATION)) {
            return clientGone;
        }
        if (info.has(ResponseFlag.UPSTREAM_TIMEOUT)) {
            return routeTimeout;
        }
        if (info.has(ResponseFlag.STREAM_IDLE_TIMEOUT)) {
            return idleTimeout;
        }
        return info.has(ResponseFlag.LOCAL_RESET) && info.details == Details.DRAIN ? shutdown : null;
    }
}
