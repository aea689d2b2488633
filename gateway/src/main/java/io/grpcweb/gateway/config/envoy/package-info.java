/**
 * Turns an Envoy bootstrap into the gateway's records, in four steps: {@code YamlReader} (text to a tree that knows its
 * lines), {@code Upgrade} (older spellings), {@code Checker} (every field against Envoy's own list of fields and against
 * the table of what the gateway does about it) and the readers ({@code BootstrapReader} and what it calls).
 *
 * <p>A field is honoured, or accepted with a warning because it changes nothing here, or refused; it is never dropped in
 * silence. The table is the resource {@code support.txt}.
 */
package io.grpcweb.gateway.config.envoy;
