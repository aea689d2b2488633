/** The filter that asks callers for a JSON web token (RFC 7519), Envoy's {@code jwt_authn}. */
package io.grpcweb.gateway.filter.jwtauthn;
