package io.grpcweb.gateway.telemetry;

/**
 * Gets an entry for each request that has ended, of all listeners but the admin pages; for programs that embed the gateway.
 * It is called on the event loop of the request's connection, on several of them at once, and must not block: whatever takes
 * time belongs on a thread of the program. An exception is logged the first time, and each counts as a line that was lost
 * ({@code gateway_access_log_dropped_lines_total}); it does no harm to the request.
 */
@FunctionalInterface
public interface AccessLogSink {
    void log(AccessLogEntry entry);
}
