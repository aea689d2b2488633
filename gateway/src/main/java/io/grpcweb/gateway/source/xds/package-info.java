/**
 * The protocol between the gateway and its control planes (Envoy's xDS, the v3 API): what is asked for, what is answered, and
 * when. What resources mean is not known here.
 */
package io.grpcweb.gateway.source.xds;
