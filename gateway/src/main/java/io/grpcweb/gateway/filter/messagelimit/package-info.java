/** The filter {@code message-limit}, which Envoy does not have: how long messages may be, in each direction. */
package io.grpcweb.gateway.filter.messagelimit;
