/** Finds the endpoints of a cluster: fixed lists, DNS and SRV records. */
package io.grpcweb.gateway.upstream.discovery;
