/**
 * The filter {@code rate-limit}: refuses calls above a rate, counted in this gateway alone, all together or by descriptors.
 */
package io.grpcweb.gateway.filter.ratelimit;
