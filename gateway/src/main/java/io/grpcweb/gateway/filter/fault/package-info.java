/** The filter {@code fault}: delays, aborts and slow responses on purpose. */
package io.grpcweb.gateway.filter.fault;
