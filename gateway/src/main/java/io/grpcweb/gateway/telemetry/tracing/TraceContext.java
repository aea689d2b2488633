package io.grpcweb.gateway.telemetry.tracing;

/**
 * What one side tells the other of a trace.
 *
 * @param high the first half of the id of the trace
 * @param low the other half
 * @param span the id of the caller's span
 * @param sampled whether the caller sends its spans
 * @param state the value of {@code tracestate}; empty for none
 */
record TraceContext(long high, long low, long span, boolean sampled, String state) {}
