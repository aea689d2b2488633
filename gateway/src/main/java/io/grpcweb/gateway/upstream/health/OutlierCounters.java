package io.grpcweb.gateway.upstream.health;

import io.grpcweb.gateway.upstream.host.OutlierMonitor.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What outlier detection has done, under Envoy's names; written by the cluster's loop, read by any thread. */
public final class OutlierCounters {
    private final AtomicInteger active = new AtomicInteger();
    private final LongAdder overflow = new LongAdder();
    private final LongAdder olderTotal = new LongAdder();
    private final Map<Kind, LongAdder> detected = new LinkedHashMap<>();
    private final Map<Kind, LongAdder> enforced = new LinkedHashMap<>();

    OutlierCounters() {
        for (Kind kind : Kind.values()) {
            detected.put(kind, new LongAdder());
            enforced.put(kind, new LongAdder());
        }
    }

    void active(int change) {
        active.addAndGet(change);
    }

    int active() {
        return active.get();
    }

    void overflow() {
        overflow.increment();
    }

    /** The older total knows two kinds, and does not ask whether they are enforced. */
    void withinLimit(Kind kind) {
        if (kind == Kind.CONSECUTIVE_5XX || kind == Kind.SUCCESS_RATE) {
            olderTotal.increment();
        }
    }

    void detected(Kind kind) {
        detected.get(kind).increment();
    }

    void enforced(Kind kind) {
        enforced.get(kind).increment();
    }

    /** {@code ejections_active} (a gauge) and the counters, without the prefix {@code outlier_detection.}. */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("ejections_active", (long) active.get());
        values.put("ejections_overflow", overflow.sum());
        values.put("ejections_total", olderTotal.sum());
        values.put(
                "ejections_consecutive_5xx", detected.get(Kind.CONSECUTIVE_5XX).sum());
        values.put("ejections_success_rate", detected.get(Kind.SUCCESS_RATE).sum());
        values.put(
                "ejections_enforced_total",
                enforced.values().stream().mapToLong(LongAdder::sum).sum());
        detected.forEach((kind, count) -> values.put("ejections_detected_" + kind.envoyName(), count.sum()));
        enforced.forEach((kind, count) -> values.put("ejections_enforced_" + kind.envoyName(), count.sum()));
        return values;
    }
}
