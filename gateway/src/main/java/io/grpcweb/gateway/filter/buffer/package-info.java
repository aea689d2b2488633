/** The filter {@code buffer}: holds a request until it is whole. */
package io.grpcweb.gateway.filter.buffer;
