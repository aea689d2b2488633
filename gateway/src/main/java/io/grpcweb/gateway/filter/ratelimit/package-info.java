/** The filter that refuses calls above a rate, counted in this gateway alone. */
package io.grpcweb.gateway.filter.ratelimit;
