/** Puts the parts of a gateway together, starts them, and takes them down. */
package io.grpcweb.gateway.runtime;
