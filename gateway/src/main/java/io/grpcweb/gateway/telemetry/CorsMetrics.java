package io.grpcweb.gateway.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** How many pages of other origins asked, and how many were refused for which reason. */
public final class CorsMetrics {
    private final Counter preflights;
    private final Counter refusedOrigin;
    private final Counter refusedPreflight;
    private final Counter refusedHeader;

    CorsMetrics(MeterRegistry registry) {
        this.preflights = Counter.builder("gateway.cors.preflights")
                .description("Preflights of allowed origins.")
                .register(registry);
        this.refusedOrigin = refused(registry, "origin");
        this.refusedPreflight = refused(registry, "preflight_origin");
        this.refusedHeader = refused(registry, "header");
    }

    private static Counter refused(MeterRegistry registry, String reason) {
        return Counter.builder("gateway.cors.refusals")
                .description("Requests of pages that the CORS policy does not let in.")
                .tag("reason", reason)
                .register(registry);
    }

    /** A request of an allowed origin. */
    public void allowed(boolean preflight) {
        if (preflight) {
            preflights.increment();
        }
    }

    /** A request of an origin that is not allowed. */
    public void refused(boolean preflight) {
        (preflight ? refusedPreflight : refusedOrigin).increment();
    }

    /** A preflight that asks for a header field that is not allowed. */
    public void refusedHeader() {
        refusedHeader.increment();
    }
}
