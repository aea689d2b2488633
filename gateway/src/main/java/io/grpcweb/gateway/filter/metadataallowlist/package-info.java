/** The filter {@code metadata-allow-list}: which metadata of clients comes as far as the backends. */
package io.grpcweb.gateway.filter.metadataallowlist;
