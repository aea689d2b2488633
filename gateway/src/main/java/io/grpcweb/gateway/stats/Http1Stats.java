package io.grpcweb.gateway.stats;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What HTTP/1.1 connections count: {@code http1.*}. */
public final class Http1Stats extends StatGroup {
    public final LongAdder droppedHeadersWithUnderscores = counter("dropped_headers_with_underscores");
    public final LongAdder requestsRejectedWithUnderscoresInHeaders =
            counter("requests_rejected_with_underscores_in_headers");
    public final LongAdder responseFlood = counter("response_flood");

    Http1Stats() {
        super("http1", "envoy_http1", List.of());
        zeroCounters("metadata_not_supported_error");
    }
}
