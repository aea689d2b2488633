/** Endpoints of a cluster as the load balancers see them, and the load balancers. */
package io.grpcweb.gateway.upstream.host;
