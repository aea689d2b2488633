/** The filter {@code recorder}, which Envoy does not have: the last calls with their messages, for the console. */
package io.grpcweb.gateway.filter.recorder;
