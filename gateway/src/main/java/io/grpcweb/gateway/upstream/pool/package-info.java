/** Connections to endpoints: the pools that each event loop keeps, and HTTP/1.1 and HTTP/2 as a client speaks them. */
package io.grpcweb.gateway.upstream.pool;
