/** The filter {@code header-mutation}: adds, replaces and removes fields of requests and responses, in the order of a list. */
package io.grpcweb.gateway.filter.headermutation;
