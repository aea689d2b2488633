/** What tests have in common: raw clients, scripted backends, real ones as processes, and the gateway in every shape. */
package io.grpcweb.gateway.testing;
