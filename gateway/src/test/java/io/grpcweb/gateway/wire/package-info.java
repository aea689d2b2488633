/** A raw client, a scripted backend, and tests of what the gateway makes of bytes and frames between them. */
package io.grpcweb.gateway.wire;
