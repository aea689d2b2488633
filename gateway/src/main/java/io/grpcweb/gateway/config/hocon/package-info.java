/** Reads and writes the gateway's own format of configuration files, and the flags of grpcwebproxy. */
package io.grpcweb.gateway.config.hocon;
