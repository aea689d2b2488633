/** The filter {@code stateful-session}: calls of one client go to the endpoint that served its first one. */
package io.grpcweb.gateway.filter.statefulsession;
