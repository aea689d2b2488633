/** Streams to control planes over grpc-netty; loaded only where one is configured. */
package io.grpcweb.gateway.source.xds.channel;
