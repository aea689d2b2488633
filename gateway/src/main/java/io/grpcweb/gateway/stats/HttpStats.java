package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What one HTTP connection manager counts: {@code http.<stat_prefix>.*}. */
public final class HttpStats extends StatGroup {
    public final LongAdder downstreamCxTotal = counter("downstream_cx_total");
    public final LongAdder downstreamCxHttp1Total = counter("downstream_cx_http1_total");
    public final LongAdder downstreamCxHttp2Total = counter("downstream_cx_http2_total");
    public final LongAdder downstreamCxSslTotal = counter("downstream_cx_ssl_total");
    public final LongAdder downstreamCxUpgradesTotal = counter("downstream_cx_upgrades_total");
    public final LongAdder downstreamCxDestroy = counter("downstream_cx_destroy");
    public final LongAdder downstreamCxDestroyLocal = counter("downstream_cx_destroy_local");
    public final LongAdder downstreamCxDestroyRemote = counter("downstream_cx_destroy_remote");
    public final LongAdder downstreamCxDestroyActiveRq = counter("downstream_cx_destroy_active_rq");
    public final LongAdder downstreamCxDestroyLocalActiveRq = counter("downstream_cx_destroy_local_active_rq");
    public final LongAdder downstreamCxDestroyRemoteActiveRq = counter("downstream_cx_destroy_remote_active_rq");
    public final LongAdder downstreamCxDelayedCloseTimeout = counter("downstream_cx_delayed_close_timeout");
    public final LongAdder downstreamCxDrainClose = counter("downstream_cx_drain_close");
    public final LongAdder downstreamCxIdleTimeout = counter("downstream_cx_idle_timeout");
    public final LongAdder downstreamCxMaxDurationReached = counter("downstream_cx_max_duration_reached");
    public final LongAdder downstreamCxMaxRequestsReached = counter("downstream_cx_max_requests_reached");
    public final LongAdder downstreamCxProtocolError = counter("downstream_cx_protocol_error");
    public final LongAdder downstreamCxRxBytesTotal = counter("downstream_cx_rx_bytes_total");
    public final LongAdder downstreamCxTxBytesTotal = counter("downstream_cx_tx_bytes_total");
    public final LongAdder downstreamFlowControlPausedReadingTotal =
            counter("downstream_flow_control_paused_reading_total");
    public final LongAdder downstreamFlowControlResumedReadingTotal =
            counter("downstream_flow_control_resumed_reading_total");
    public final LongAdder downstreamRqTotal = counter("downstream_rq_total");
    public final LongAdder downstreamRqHttp1Total = counter("downstream_rq_http1_total");
    public final LongAdder downstreamRqHttp2Total = counter("downstream_rq_http2_total");
    public final LongAdder downstreamRqFailedPathNormalization = counter("downstream_rq_failed_path_normalization");
    public final LongAdder downstreamRqHeaderTimeout = counter("downstream_rq_header_timeout");
    public final LongAdder downstreamRqIdleTimeout = counter("downstream_rq_idle_timeout");
    public final LongAdder downstreamRqMaxDurationReached = counter("downstream_rq_max_duration_reached");
    public final LongAdder downstreamRqNonRelativePath = counter("downstream_rq_non_relative_path");
    public final LongAdder downstreamCxOverloadDisableKeepalive = counter("downstream_cx_overload_disable_keepalive");
    public final LongAdder downstreamRqOverloadClose = counter("downstream_rq_overload_close");
    public final LongAdder downstreamRqRedirectedWithNormalizedPath =
            counter("downstream_rq_redirected_with_normalized_path");
    public final LongAdder downstreamRqRejectedViaIpDetection = counter("downstream_rq_rejected_via_ip_detection");
    public final LongAdder downstreamRqResponseBeforeRqComplete = counter("downstream_rq_response_before_rq_complete");
    public final LongAdder downstreamRqRxReset = counter("downstream_rq_rx_reset");
    public final LongAdder downstreamRqTxReset = counter("downstream_rq_tx_reset");
    public final LongAdder downstreamRqTimeout = counter("downstream_rq_timeout");
    public final LongAdder downstreamRqTooLarge = counter("downstream_rq_too_large");
    public final LongAdder downstreamRqTooManyPrematureResets = counter("downstream_rq_too_many_premature_resets");
    public final LongAdder downstreamRqWsOnNonWsRoute = counter("downstream_rq_ws_on_non_ws_route");
    public final LongAdder rsTooLarge = counter("rs_too_large");

    public final Gauge downstreamCxActive = gauge("downstream_cx_active");
    public final Gauge downstreamCxHttp1Active = gauge("downstream_cx_http1_active");
    public final Gauge downstreamCxHttp2Active = gauge("downstream_cx_http2_active");
    public final Gauge downstreamCxSslActive = gauge("downstream_cx_ssl_active");
    public final Gauge downstreamCxUpgradesActive = gauge("downstream_cx_upgrades_active");
    public final Gauge downstreamCxTxBytesBuffered = gauge("downstream_cx_tx_bytes_buffered");
    public final Gauge downstreamRqActive = gauge("downstream_rq_active");

    public final Histogram downstreamCxLengthMs = histogram("downstream_cx_length_ms", true);
    public final Histogram downstreamRqTime = histogram("downstream_rq_time", true);

    /** Answers by class. */
    public final ResponseClasses downstreamRq;

    /** Of the CORS filter. */
    public final CorsStats cors;

    /** Of the router filter. */
    public final RouterStats router;

    /** Of traces. */
    public final HttpTracingStats tracing;

    HttpStats(String statPrefix) {
        super("http." + statPrefix, "envoy_http", List.of(new Label("envoy_http_conn_manager_prefix", statPrefix)));
        downstreamRq = new ResponseClasses(prefix(), family(), labels());
        cors = new CorsStats(prefix(), labels());
        router = new RouterStats(prefix(), labels());
        tracing = new HttpTracingStats(prefix(), labels());
        zeroCounters("downstream_cx_http3_total", "downstream_rq_http3_total");
        zeroGauges("downstream_cx_http1_soft_drain", "downstream_cx_http3_active", "downstream_cx_rx_bytes_buffered");
    }

    @Override
    protected List<StatGroup> nested() {
        return List.of(downstreamRq, cors, router, tracing);
    }
}
