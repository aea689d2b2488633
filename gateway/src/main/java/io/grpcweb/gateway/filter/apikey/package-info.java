/** The filter {@code api-key}: clients that are known by a key which they send. */
package io.grpcweb.gateway.filter.apikey;
