/** The filter that answers health checks of load balancers in front of the gateway. */
package io.grpcweb.gateway.filter.healthcheck;
