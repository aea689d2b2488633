/** The filter {@code decompression}: bodies of requests and responses lose a content coding. */
package io.grpcweb.gateway.filter.decompressor;
