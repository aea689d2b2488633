/** Where configurations come from while the gateway serves: a file that is watched. */
package io.grpcweb.gateway.source;
