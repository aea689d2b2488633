package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.stats.CorsStats;

/** Counts the decisions of one filter chain under Envoy's names, and hands them on. */
final class CorsCounter implements CorsObserver {
    private final CorsStats stats;
    private final CorsObserver next;

    CorsCounter(CorsStats stats, CorsObserver next) {
        this.stats = stats;
        this.next = next;
    }

    @Override
    public void allowed(CorsPolicy policy, boolean preflight) {
        stats.originValid.increment();
        next.allowed(policy, preflight);
    }

    @Override
    public void refused(CorsPolicy policy, CharSequence origin, boolean preflight) {
        stats.originInvalid.increment();
        next.refused(policy, origin, preflight);
    }

    @Override
    public void refusedHeader(CorsPolicy policy, CharSequence origin, String header) {
        next.refusedHeader(policy, origin, header);
    }
}
