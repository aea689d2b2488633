/** Access logs that leave for a service: Envoy's own (ALS), or a collector of OpenTelemetry's protocol. */
package io.grpcweb.gateway.telemetry.logs;
