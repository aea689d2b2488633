/** The filter {@code stream-rotation}, which Envoy does not have: long streams end now and then, so that their clients begin anew. */
package io.grpcweb.gateway.filter.streamrotation;
