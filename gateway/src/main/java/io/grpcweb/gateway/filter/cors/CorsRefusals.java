package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.http.ForeignText;
import io.grpcweb.gateway.telemetry.CorsMetrics;
import io.grpcweb.gateway.telemetry.RecentEvents;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Explains refused origins and header fields: one line a second at most in the log, the last ones on the admin page. */
final class CorsRefusals implements CorsObserver {
    private static final Logger LOG = LoggerFactory.getLogger("cors");
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final RecentEvents recent;
    private final CorsMetrics metrics;
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime());
    private final AtomicLong suppressed = new AtomicLong();

    CorsRefusals(RecentEvents recent, CorsMetrics metrics) {
        this.recent = recent;
        this.metrics = metrics;
    }

    @Override
    public void allowed(CorsPolicy policy, boolean preflight) {
        metrics.allowed(preflight);
    }

    @Override
    public void refused(CorsPolicy policy, CharSequence origin, boolean preflight) {
        metrics.refused(preflight);
        String tried = policy.origins().isEmpty() ? "no origin is allowed" : "tried " + policy.origins();
        tell(origin, preflight ? "preflight" : "origin", tried, "add the origin to the policy at " + policy.place());
    }

    @Override
    public void refusedHeader(CorsPolicy policy, CharSequence origin, String header) {
        metrics.refusedHeader();
        tell(
                origin,
                "header " + header,
                "allowed headers are \"" + policy.allowHeaders() + "\"",
                "add it to the allowed headers of the policy at " + policy.place());
    }

    private void tell(CharSequence origin, String what, String rule, String setting) {
        recent.refused(origin, what, rule, setting);
        long now = System.nanoTime();
        long next = nextLine.get();
        if (now - next < 0 || !nextLine.compareAndSet(next, now + INTERVAL_NANOS)) {
            suppressed.incrementAndGet();
            return;
        }
        long more = suppressed.getAndSet(0);
        LOG.warn(
                "origin {} refused ({}): {}; {}{}",
                ForeignText.of(origin),
                ForeignText.of(what),
                rule,
                setting,
                more == 0 ? "" : " (" + more + " more like it were not logged)");
    }
}
