/** The filter {@code compression}: bodies of responses and requests get a content coding. */
package io.grpcweb.gateway.filter.compressor;
