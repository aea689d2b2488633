package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What one cluster counts: {@code cluster.<name>.*}. */
public final class ClusterStats extends StatGroup {
    public final LongAdder upstreamCxTotal = counter("upstream_cx_total");
    public final LongAdder upstreamCxHttp1Total = counter("upstream_cx_http1_total");
    public final LongAdder upstreamCxHttp2Total = counter("upstream_cx_http2_total");
    public final LongAdder upstreamCxCloseNotify = counter("upstream_cx_close_notify");
    public final LongAdder upstreamCxConnectAttemptsExceeded = counter("upstream_cx_connect_attempts_exceeded");
    public final LongAdder upstreamCxConnectFail = counter("upstream_cx_connect_fail");
    public final LongAdder upstreamCxConnectTimeout = counter("upstream_cx_connect_timeout");
    public final LongAdder upstreamCxDestroy = counter("upstream_cx_destroy");
    public final LongAdder upstreamCxDestroyLocal = counter("upstream_cx_destroy_local");
    public final LongAdder upstreamCxDestroyRemote = counter("upstream_cx_destroy_remote");
    public final LongAdder upstreamCxDestroyWithActiveRq = counter("upstream_cx_destroy_with_active_rq");
    public final LongAdder upstreamCxDestroyLocalWithActiveRq = counter("upstream_cx_destroy_local_with_active_rq");
    public final LongAdder upstreamCxDestroyRemoteWithActiveRq = counter("upstream_cx_destroy_remote_with_active_rq");
    public final LongAdder upstreamCxIdleTimeout = counter("upstream_cx_idle_timeout");
    public final LongAdder upstreamCxMaxDurationReached = counter("upstream_cx_max_duration_reached");
    public final LongAdder upstreamCxMaxRequests = counter("upstream_cx_max_requests");
    public final LongAdder upstreamCxNoneHealthy = counter("upstream_cx_none_healthy");
    public final LongAdder upstreamCxOverflow = counter("upstream_cx_overflow");
    public final LongAdder upstreamCxPoolOverflow = counter("upstream_cx_pool_overflow");
    public final LongAdder upstreamCxProtocolError = counter("upstream_cx_protocol_error");
    public final LongAdder upstreamCxRxBytesTotal = counter("upstream_cx_rx_bytes_total");
    public final LongAdder upstreamCxTxBytesTotal = counter("upstream_cx_tx_bytes_total");
    public final LongAdder upstreamFlowControlBackedUpTotal = counter("upstream_flow_control_backed_up_total");
    public final LongAdder upstreamFlowControlDrainedTotal = counter("upstream_flow_control_drained_total");
    public final LongAdder upstreamFlowControlPausedReadingTotal =
            counter("upstream_flow_control_paused_reading_total");
    public final LongAdder upstreamFlowControlResumedReadingTotal =
            counter("upstream_flow_control_resumed_reading_total");
    public final LongAdder upstreamInternalRedirectFailedTotal = counter("upstream_internal_redirect_failed_total");
    public final LongAdder upstreamInternalRedirectSucceededTotal =
            counter("upstream_internal_redirect_succeeded_total");
    public final LongAdder upstreamRqTotal = counter("upstream_rq_total");
    public final LongAdder upstreamRqCancelled = counter("upstream_rq_cancelled");
    public final LongAdder upstreamRqMaintenanceMode = counter("upstream_rq_maintenance_mode");
    public final LongAdder upstreamRqMaxDurationReached = counter("upstream_rq_max_duration_reached");
    public final LongAdder upstreamRqActiveOverflow = counter("upstream_rq_active_overflow");
    public final LongAdder upstreamRqPendingTotal = counter("upstream_rq_pending_total");
    public final LongAdder upstreamRqPendingOverflow = counter("upstream_rq_pending_overflow");
    public final LongAdder upstreamRqPendingFailureEject = counter("upstream_rq_pending_failure_eject");
    public final LongAdder upstreamRqPerTryTimeout = counter("upstream_rq_per_try_timeout");
    public final LongAdder upstreamRqPerTryIdleTimeout = counter("upstream_rq_per_try_idle_timeout");
    public final LongAdder upstreamRqRetry = counter("upstream_rq_retry");
    public final LongAdder upstreamRqRetryBackoffExponential = counter("upstream_rq_retry_backoff_exponential");
    public final LongAdder upstreamRqRetryBackoffRatelimited = counter("upstream_rq_retry_backoff_ratelimited");
    public final LongAdder upstreamRqRetryLimitExceeded = counter("upstream_rq_retry_limit_exceeded");
    public final LongAdder upstreamRqRetryOverflow = counter("upstream_rq_retry_overflow");
    public final LongAdder upstreamRqRetrySuccess = counter("upstream_rq_retry_success");
    public final LongAdder upstreamRqRxReset = counter("upstream_rq_rx_reset");
    public final LongAdder upstreamRqRxResetNoError = counter("upstream_rq_rx_reset_no_error");
    public final LongAdder upstreamRqTimeout = counter("upstream_rq_timeout");
    public final LongAdder upstreamRqTxReset = counter("upstream_rq_tx_reset");
    public final LongAdder assignmentStale = counter("assignment_stale");
    public final LongAdder assignmentTimeoutReceived = counter("assignment_timeout_received");
    public final LongAdder bindErrors = counter("bind_errors");
    public final LongAdder lbHealthyPanic = counter("lb_healthy_panic");
    public final LongAdder subsetsSelected = counter("lb_subsets_selected");
    public final LongAdder subsetsFallback = counter("lb_subsets_fallback");
    public final LongAdder membershipChange = counter("membership_change");
    public final LongAdder retryOrShadowAbandoned = counter("retry_or_shadow_abandoned");
    public final LongAdder updateAttempt = counter("update_attempt");
    public final LongAdder updateEmpty = counter("update_empty");
    public final LongAdder updateFailure = counter("update_failure");
    public final LongAdder updateNoRebuild = counter("update_no_rebuild");
    public final LongAdder updateSuccess = counter("update_success");

    public final Gauge upstreamCxActive = gauge("upstream_cx_active");
    public final Gauge upstreamCxRxBytesBuffered = gauge("upstream_cx_rx_bytes_buffered");
    public final Gauge upstreamCxTxBytesBuffered = gauge("upstream_cx_tx_bytes_buffered");
    public final Gauge upstreamRqActive = gauge("upstream_rq_active");
    public final Gauge upstreamRqPendingActive = gauge("upstream_rq_pending_active");
    public final Gauge membershipTotal = gauge("membership_total");
    public final Gauge membershipHealthy = gauge("membership_healthy");
    public final Gauge membershipDegraded = gauge("membership_degraded");
    public final Gauge membershipExcluded = gauge("membership_excluded");
    public final Gauge maxHostWeight = gauge("max_host_weight");

    public final Histogram upstreamCxConnectMs = histogram("upstream_cx_connect_ms", true);
    public final Histogram upstreamCxLengthMs = histogram("upstream_cx_length_ms", true);
    public final Histogram upstreamRqPerCx = histogram("upstream_rq_per_cx", true);

    /** From the end of a request to the end of its response; appears with the first. */
    public final Histogram upstreamRqTime = histogram("upstream_rq_time", false);

    /** Limits of normal calls. */
    public final BreakerStats breakers;

    /** Limits of high-priority calls. */
    public final BreakerStats highBreakers;

    /** Of its HTTP/2 connections. */
    public final Http2Stats http2;

    private final ResponseCodes responses;
    private final ResponseCodes retried;
    private final OriginStats external;
    private final OriginStats internal;
    private final GrpcWebStats grpcWeb;
    private final GrpcStats grpc;
    private final List<StatGroup> nested = new CopyOnWriteArrayList<>();
    private OutlierStats outliers;
    private HealthCheckStats healthChecks;
    private TlsStats tls;

    ClusterStats(String name) {
        super("cluster." + name, "envoy_cluster", List.of(new Label("envoy_cluster_name", name)));
        breakers = nest(new BreakerStats(prefix(), labels(), "default"));
        highBreakers = nest(new BreakerStats(prefix(), labels(), "high"));
        http2 = nest(new Http2Stats(prefix() + ".http2", "envoy_cluster_http2", labels()));
        responses = nest(new ResponseCodes(prefix(), family(), labels(), true));
        retried = nest(new ResponseCodes(prefix() + ".retry", "envoy_cluster_retry", labels(), false));
        external = nest(new OriginStats(prefix() + ".external", "envoy_cluster_external", labels()));
        internal = nest(new OriginStats(prefix() + ".internal", "envoy_cluster_internal", labels()));
        grpcWeb = nest(new GrpcWebStats(prefix(), labels()));
        grpc = nest(new GrpcStats(prefix(), labels()));
        zeroCounters(
                "assignment_use_cached",
                "default.total_match_count",
                "lb_local_cluster_not_ok",
                "lb_recalculate_zone_structures",
                "lb_subsets_created",
                "lb_subsets_fallback_panic",
                "lb_subsets_removed",
                "lb_zone_cluster_too_small",
                "lb_zone_no_capacity_left",
                "lb_zone_routing_all_directly",
                "lb_zone_routing_cross_zone",
                "lb_zone_routing_sampled",
                "original_dst_host_invalid",
                "upstream_cx_connect_with_0_rtt",
                "upstream_cx_http3_total",
                "upstream_cx_preconnect_skipped",
                "upstream_http3_broken",
                "upstream_rq_0rtt");
        zeroGauges("upstream_queue_overloaded", "lb_subsets_active", "version", "warming_state");
    }

    /** The response that a call ended with: the backend's status, or that of the gateway's own error in its place. */
    public void response(int status) {
        responses.count(status);
        external.count(status);
    }

    /** The response that a call of the gateway's own ended with, or the status in its place. */
    public void ownResponse(int status) {
        responses.count(status);
        internal.count(status);
    }

    /** A call of the gateway's own has ended well: from its beginning to the end of its response. */
    public void ownRequestTime(long nanos) {
        upstreamRqTime.recordNanos(nanos);
        internal.upstreamRqTime.recordNanos(nanos);
    }

    /** A response that was thrown away because the call is tried again. */
    public void retriedResponse(int status) {
        retried.count(status);
    }

    /** A call has ended well: from the end of its request to the end of its response. */
    public void requestTime(long nanos) {
        upstreamRqTime.recordNanos(nanos);
        external.upstreamRqTime.recordNanos(nanos);
    }

    /** gRPC-Web calls of a method that a backend is known to have; at most 500 methods are told apart. */
    public GrpcMethodStats grpcWeb(String service, String method) {
        return grpcWeb.of(service, method);
    }

    /** What the filter {@code grpc_stats} has counted of a method, if it has numbers of its own; null otherwise. */
    public GrpcMethodStats knownGrpc(String service, String method) {
        return grpc.known(service, method);
    }

    /** Calls of a method as the filter {@code grpc_stats} counts them; empty names stand for all others together. */
    public GrpcMethodStats grpc(String service, String method) {
        return grpc.of(service, method);
    }

    /** Where the cluster has outlier detection; shown from the first time that it is asked for. */
    public synchronized OutlierStats outlierDetection() {
        if (outliers == null) {
            outliers = nest(new OutlierStats(prefix(), labels()));
        }
        return outliers;
    }

    /** Where the cluster has health checks; shown from the first time that it is asked for. */
    public synchronized HealthCheckStats healthCheck() {
        if (healthChecks == null) {
            healthChecks = nest(new HealthCheckStats(prefix(), labels()));
        }
        return healthChecks;
    }

    /** Where the cluster has TLS; shown from the first time that it is asked for. */
    public synchronized TlsStats tls() {
        if (tls == null) {
            tls = nest(new TlsStats(prefix(), family(), labels()));
        }
        return tls;
    }

    @Override
    protected List<StatGroup> nested() {
        return nested;
    }

    private <T extends StatGroup> T nest(T group) {
        nested.add(group);
        return group;
    }
}
