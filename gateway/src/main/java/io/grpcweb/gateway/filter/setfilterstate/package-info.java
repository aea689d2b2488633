/** The filter {@code set-filter-state}: texts that filters behind it, header fields and the access log can read by name. */
package io.grpcweb.gateway.filter.setfilterstate;
