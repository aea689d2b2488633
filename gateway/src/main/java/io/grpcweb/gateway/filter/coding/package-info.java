/** Content codings of HTTP bodies (RFC 9110 section 8.4.1): gzip, brotli and zstd, and their settings in both formats. */
package io.grpcweb.gateway.filter.coding;
