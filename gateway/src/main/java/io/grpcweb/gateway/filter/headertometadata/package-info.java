/** The filter {@code header-to-metadata}: hands header fields and cookies on as metadata, and may take the fields away. */
package io.grpcweb.gateway.filter.headertometadata;
