/** Connections whose bytes go to a backend as they are. */
package io.grpcweb.gateway.tcp;
