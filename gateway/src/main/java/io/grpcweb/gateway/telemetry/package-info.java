/**
 * What is written down of each exchange: the access log ({@link io.grpcweb.gateway.telemetry.AccessLogs}), the gateway's own
 * metrics ({@link io.grpcweb.gateway.telemetry.CallMetrics}) and Envoy's counters. All of it is read from {@link
 * io.grpcweb.gateway.http.StreamInfo} when an exchange ends, and none of it decides anything.
 */
package io.grpcweb.gateway.telemetry;
