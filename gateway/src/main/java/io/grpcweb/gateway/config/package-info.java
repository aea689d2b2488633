/** The immutable records that everything else is built from, and the loader of the gateway's own format (HOCON). */
package io.grpcweb.gateway.config;
