/** The filter {@code call-limit}: so many calls at a time. */
package io.grpcweb.gateway.filter.calllimit;
