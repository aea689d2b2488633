package io.grpcweb.gateway.config;

/**
 * A tag of one's own, on spans and log entries.
 *
 * @param name of the tag
 * @param value may hold {@code %COMMAND%} operators
 * @param otherwise stands for an empty value; where it is empty too, there is no tag
 */
public record TagRule(String name, String value, String otherwise) {}
