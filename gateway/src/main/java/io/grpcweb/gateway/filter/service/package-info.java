/**
 * What the filters have in common that ask a gRPC service of Envoy's: how the service stands in both formats of the
 * configuration, how it is called, and how protobuf messages are written and read without generated classes.
 */
package io.grpcweb.gateway.filter.service;
