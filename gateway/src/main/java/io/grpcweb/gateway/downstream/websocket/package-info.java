/** WebSockets that carry gRPC-Web calls: {@code grpc-websockets}, one call each, and {@code grpc-websockets-multiplex}. */
package io.grpcweb.gateway.downstream.websocket;
