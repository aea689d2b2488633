package io.grpcweb.gateway.http;

/**
 * The name of a fact that a filter hands on to filters behind it and to the access log.
 *
 * @param filter its namespace, mostly the name of the filter
 * @param type text, number, boolean, list or map: what JSON can say
 */
public record MetadataKey<T>(String filter, String key, Class<T> type) {}
