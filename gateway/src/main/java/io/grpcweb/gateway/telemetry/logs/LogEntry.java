package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;

/** How an exchange that has ended is written as a message. */
@FunctionalInterface
interface LogEntry {
    void write(StreamInfo info, ProtoWriter out);
}
