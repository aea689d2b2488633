package io.grpcweb.gateway.filter.admissioncontrol;

import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What the calls of one place of the configuration have come to, for each event loop by itself. */
final class AdmissionControlFactory implements HttpFilterFactory {
    private final AdmissionControlConfig config;
    private final AdmissionControlStats stats;
    private final LongSupplier nanoTime;
    private final Map<EventExecutor, Outcomes> outcomes = new ConcurrentHashMap<>();

    AdmissionControlFactory(AdmissionControlConfig config, AdmissionControlStats stats, LongSupplier nanoTime) {
        this.config = config;
        this.stats = stats;
        this.nanoTime = nanoTime;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return config.enabled() ? new AdmissionControlFilter(exchange, this) : null;
    }

    @Override
    public boolean keepsState() {
        return true;
    }

    AdmissionControlConfig config() {
        return config;
    }

    private Outcomes outcomes(EventExecutor loop) {
        return outcomes.computeIfAbsent(
                loop, first -> new Outcomes(config.window().toNanos(), nanoTime));
    }

    /** Whether a call goes no further; it is counted then. */
    boolean refuses(EventExecutor loop) {
        Outcomes known = outcomes(loop);
        if (known.requestsPerSecond() < config.requestsPerSecond()) {
            return false;
        }
        double share = known.refusal(config.successThreshold(), config.aggression());
        if (!Chance.happens(Math.min(share, config.mostRefused()))) {
            return false;
        }
        stats.rejected.increment();
        return true;
    }

    void record(EventExecutor loop, boolean success) {
        (success ? stats.success : stats.failure).increment();
        outcomes(loop).record(success);
    }
}
