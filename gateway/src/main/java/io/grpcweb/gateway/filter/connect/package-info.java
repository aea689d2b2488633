/**
 * The filter that turns calls of the Connect protocol into gRPC and back (connectrpc.com/docs/protocol): in the gateway's own
 * format {@code connect}, in Envoy's files {@code connect_grpc_bridge}.
 */
package io.grpcweb.gateway.filter.connect;
