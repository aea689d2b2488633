/** The filter {@code set-metadata}: gives each call fixed metadata, for filters behind it and the access log. */
package io.grpcweb.gateway.filter.setmetadata;
