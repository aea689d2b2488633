package io.grpcweb.gateway.source.xds;

/**
 * A response of a stream.
 *
 * @param type its type URL
 * @param nonce to be said when it is answered
 * @param identifier what the control plane calls itself, or empty
 * @param delivery what it brings
 * @param problem what is wrong with the response as a whole, or null
 */
record Answer(String type, String nonce, String identifier, Delivery delivery, String problem) {}
