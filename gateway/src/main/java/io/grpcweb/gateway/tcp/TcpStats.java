package io.grpcweb.gateway.tcp;

import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the connections of one prefix count: {@code tcp.<stat_prefix>.*}. */
final class TcpStats extends StatGroup {
    final LongAdder downstreamCxTotal = counter("downstream_cx_total");
    final LongAdder downstreamCxNoRoute = counter("downstream_cx_no_route");
    final LongAdder downstreamCxDrainClose = counter("downstream_cx_drain_close");
    final LongAdder downstreamCxRxBytesTotal = counter("downstream_cx_rx_bytes_total");
    final LongAdder downstreamCxTxBytesTotal = counter("downstream_cx_tx_bytes_total");
    final LongAdder pausedReading = counter("downstream_flow_control_paused_reading_total");
    final LongAdder resumedReading = counter("downstream_flow_control_resumed_reading_total");
    final LongAdder idleTimeout = counter("idle_timeout");
    final LongAdder maxDuration = counter("max_downstream_connection_duration");
    final LongAdder upstreamFlushTotal = counter("upstream_flush_total");
    final Gauge upstreamFlushActive = gauge("upstream_flush_active");

    TcpStats(String prefix) {
        super("tcp." + prefix, "envoy_tcp", List.of(new Label("envoy_tcp_prefix", prefix)));
        zeroCounters("downstream_cx_overload_close", "early_data_received_count_total", "route_delayed_total");
        zeroGauges("downstream_cx_rx_bytes_buffered", "downstream_cx_tx_bytes_buffered");
    }
}
