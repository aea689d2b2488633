package io.grpcweb.gateway.stats;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the access logs count: {@code filesystem.*}. */
public final class FileStats extends StatGroup {
    public final LongAdder writeBuffered = counter("write_buffered");
    public final LongAdder writeCompleted = counter("write_completed");
    public final LongAdder writeFailed = counter("write_failed");
    public final LongAdder reopenFailed = counter("reopen_failed");
    public final LongAdder flushedByTimer = counter("flushed_by_timer");
    public final Gauge writeTotalBuffered = gauge("write_total_buffered");

    FileStats() {
        super("filesystem", "envoy_filesystem", List.of());
    }
}
