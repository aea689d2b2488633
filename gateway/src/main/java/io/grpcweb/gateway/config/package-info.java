/** The immutable records that everything else is built from, and what both of their readers share. */
package io.grpcweb.gateway.config;
