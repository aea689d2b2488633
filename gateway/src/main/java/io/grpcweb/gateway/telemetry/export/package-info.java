/**
 * What leaves the gateway for collectors: items in protobuf, gathered for each event loop and sent in batches through a cluster.
 * What cannot be sent is dropped and counted; no exchange waits for it.
 */
package io.grpcweb.gateway.telemetry.export;
