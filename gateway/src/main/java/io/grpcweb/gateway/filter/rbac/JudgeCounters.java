package io.grpcweb.gateway.filter.rbac;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts verdicts: all of them, and by policy where that is asked for. */
final class JudgeCounters {
    private final RbacStats stats;
    private final Map<Verdict, LongAdder> policies;

    JudgeCounters(RbacStats stats, boolean byPolicy) {
        this.stats = stats;
        this.policies = byPolicy ? new ConcurrentHashMap<>() : null;
    }

    void count(Verdict verdict) {
        (verdict.allowed() ? stats.allowed : stats.denied).increment();
        if (policies != null && !verdict.policy().isEmpty()) {
            policies.computeIfAbsent(verdict, one -> stats.policy(one.policy(), one.allowed()))
                    .increment();
        }
    }
}
