/**
 * The filter {@code json}: JSON over HTTP in front of gRPC services, as {@code google.api.http} of their descriptors says. A request becomes
 * one message or a stream of them, and so does the response, in both directions as they come.
 */
package io.grpcweb.gateway.filter.grpcjsontranscoder;
