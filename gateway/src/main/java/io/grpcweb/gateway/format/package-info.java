/** Access-log formats: Envoy's command operators, the parser of format strings, and conditions on log lines. */
package io.grpcweb.gateway.format;
