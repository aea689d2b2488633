/** The filter {@code adaptive-concurrency}: as many calls at a time as the backend answers without getting slower. */
package io.grpcweb.gateway.filter.adaptiveconcurrency;
