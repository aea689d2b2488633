/**
 * The filter {@code method-defaults}, which Envoy does not have: limits of time and retries by what the schema says of a method.
 */
package io.grpcweb.gateway.filter.methoddefaults;
