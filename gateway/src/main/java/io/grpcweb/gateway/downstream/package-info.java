/** Listeners and the HTTP/1.1 and HTTP/2 connections of clients. It knows neither gRPC nor clusters. */
package io.grpcweb.gateway.downstream;
