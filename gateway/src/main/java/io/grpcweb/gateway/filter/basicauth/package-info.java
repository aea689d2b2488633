/** The filter {@code basic-auth}: users with passwords (RFC 7617) whose hashes are in the configuration. */
package io.grpcweb.gateway.filter.basicauth;
