package io.grpcweb.gateway.filter.bandwidthlimit;

import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.Histogram;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code <stat_prefix>.http_bandwidth_limit.*}. */
final class BandwidthStats extends StatGroup {
    final Way request = new Way("request");
    final Way response = new Way("response");

    BandwidthStats(String prefix) {
        super(prefix + ".http_bandwidth_limit", "envoy_" + prefix + "_http_bandwidth_limit", List.of());
    }

    /** One direction. */
    final class Way {
        final LongAdder enabled;
        final LongAdder enforced;
        final LongAdder incoming;
        final LongAdder allowed;
        final Gauge pending;
        final Gauge incomingSize;
        final Gauge allowedSize;
        final Histogram duration;

        private Way(String name) {
            enabled = counter(name + "_enabled");
            enforced = counter(name + "_enforced");
            incoming = counter(name + "_incoming_total_size");
            allowed = counter(name + "_allowed_total_size");
            pending = gauge(name + "_pending");
            incomingSize = gauge(name + "_incoming_size");
            allowedSize = gauge(name + "_allowed_size");
            duration = histogram(name + "_transfer_duration", false);
        }
    }
}
