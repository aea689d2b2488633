/** Tests of what the gateway makes of bytes and frames between a raw client and a scripted backend. */
package io.grpcweb.gateway.wire;
