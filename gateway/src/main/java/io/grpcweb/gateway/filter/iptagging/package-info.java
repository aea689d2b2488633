/** The filter {@code ip-tagging}: tells backends and routes which ranges the address of the client is in. */
package io.grpcweb.gateway.filter.iptagging;
