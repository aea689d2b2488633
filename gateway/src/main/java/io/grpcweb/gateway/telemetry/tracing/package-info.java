/**
 * Spans of exchanges and of their attempts at backends: which are sent, what they say, and how the trace is named to backends and
 * by clients. Loaded where a listener is traced.
 */
package io.grpcweb.gateway.telemetry.tracing;
