package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What HTTP/2 connections count: {@code http2.*} towards clients, {@code cluster.<name>.http2.*} towards backends. */
public final class Http2Stats extends StatGroup {
    public final LongAdder rxReset = counter("rx_reset");
    public final LongAdder txReset = counter("tx_reset");
    public final LongAdder goawaySent = counter("goaway_sent");
    public final LongAdder headerOverflow = counter("header_overflow");
    public final LongAdder headerListSizeTooLarge = counter("header_list_size_too_large");
    public final LongAdder headersCbNoStream = counter("headers_cb_no_stream");
    public final LongAdder inboundEmptyFramesFlood = counter("inbound_empty_frames_flood");
    public final LongAdder inboundPriorityFramesFlood = counter("inbound_priority_frames_flood");
    public final LongAdder inboundWindowUpdateFramesFlood = counter("inbound_window_update_frames_flood");
    public final LongAdder keepaliveTimeout = counter("keepalive_timeout");
    public final LongAdder outboundControlFlood = counter("outbound_control_flood");
    public final LongAdder outboundFlood = counter("outbound_flood");
    public final LongAdder rxMessagingError = counter("rx_messaging_error");
    public final LongAdder streamRefusedErrors = counter("stream_refused_errors");
    public final LongAdder trailers = counter("trailers");
    public final LongAdder txFlushTimeout = counter("tx_flush_timeout");
    public final LongAdder droppedHeadersWithUnderscores = counter("dropped_headers_with_underscores");
    public final LongAdder requestsRejectedWithUnderscoresInHeaders =
            counter("requests_rejected_with_underscores_in_headers");
    public final Gauge streamsActive = gauge("streams_active");
    public final Gauge pendingSendBytes = gauge("pending_send_bytes");

    Http2Stats(String prefix, String family, List<Label> labels) {
        super(prefix, family, labels);
        for (String name : List.of("cookie_count", "cookie_size", "header_count", "header_list_size")) {
            histogram(name, true);
        }
        zeroCounters(
                "cookies_total_bytes_too_large",
                "metadata_empty_frames",
                "nghttp2_downstream_connections",
                "nghttp2_upstream_connections",
                "oghttp2_downstream_connections",
                "oghttp2_upstream_connections");
        zeroGauges("deferred_stream_close", "outbound_control_frames_active", "outbound_frames_active");
    }
}
