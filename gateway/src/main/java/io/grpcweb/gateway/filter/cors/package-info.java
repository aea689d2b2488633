/** The filter that answers preflights and stamps answers for pages of other origins (Fetch, section 3.2). */
package io.grpcweb.gateway.filter.cors;
