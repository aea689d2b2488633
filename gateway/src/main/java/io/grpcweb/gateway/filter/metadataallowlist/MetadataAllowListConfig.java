package io.grpcweb.gateway.filter.metadataallowlist;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.StringMatch;
import java.util.List;

/**
 * Header fields of requests that go on, beside those that a call needs.
 *
 * @param fields matchers of their names, which are in lower-case
 */
public record MetadataAllowListConfig(String name, List<StringMatch> fields) implements FilterConfig {
    public MetadataAllowListConfig {
        fields = List.copyOf(fields);
    }
}
