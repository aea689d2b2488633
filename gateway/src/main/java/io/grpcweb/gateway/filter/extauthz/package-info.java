/**
 * The filter {@code ext-authz}: a service says who may call, over gRPC (envoy/service/auth/v3) or HTTP. The request waits for
 * the answer, which may also change it.
 */
package io.grpcweb.gateway.filter.extauthz;
