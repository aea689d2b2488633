/** The last filter of each exchange: forwards it to a cluster, with retries, redirects, mirrors and time-outs. */
package io.grpcweb.gateway.filter.router;
