/**
 * The vocabulary of an exchange: the filter, the local reply, header hygiene, status mapping, percent-encoding, {@code
 * grpc-timeout}. It knows no sockets and no clusters.
 */
package io.grpcweb.gateway.http;
