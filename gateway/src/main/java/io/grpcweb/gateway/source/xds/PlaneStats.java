package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** How the stream does that sources share: {@code control_plane.*}. */
final class PlaneStats extends StatGroup {
    final Gauge connectedState = gauge("connected_state");
    final Gauge pendingRequests = gauge("pending_requests");
    final LongAdder rateLimitEnforced = counter("rate_limit_enforced");
    private volatile String identifier = "";

    PlaneStats() {
        super("control_plane", "envoy_control_plane", List.of());
        text("identifier", () -> identifier);
    }

    void identifier(String newIdentifier) {
        identifier = newIdentifier;
    }
}
