/** The filter {@code csrf}: calls that change something must come from the site itself, or from a page that is listed. */
package io.grpcweb.gateway.filter.csrf;
