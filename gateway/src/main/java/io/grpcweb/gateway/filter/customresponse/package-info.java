/** The filter {@code custom-response}: other responses in the place of those with some status. */
package io.grpcweb.gateway.filter.customresponse;
