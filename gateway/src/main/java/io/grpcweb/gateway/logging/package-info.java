/** The gateway's own log, written by Logback in Envoy's layout. Known to the command line and the runtime alone. */
package io.grpcweb.gateway.logging;
