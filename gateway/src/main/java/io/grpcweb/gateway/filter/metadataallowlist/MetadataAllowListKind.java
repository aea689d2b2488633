package io.grpcweb.gateway.filter.metadataallowlist;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code metadata-allow-list}, which Envoy does not have. */
public final class MetadataAllowListKind implements FilterKind<MetadataAllowListConfig> {

    @Override
    public Class<MetadataAllowListConfig> settings() {
        return MetadataAllowListConfig.class;
    }

    @Override
    public String type() {
        return "metadata-allow-list";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of();
    }

    @Override
    public MetadataAllowListConfig read(String name, Section own) {
        return new MetadataAllowListConfig(name, MatchFormat.texts(own, "fields"));
    }

    @Override
    public void write(MetadataAllowListConfig config, Tree own) {
        own.list("fields", config.fields(), MatchFormat::writeShort);
    }

    @Override
    public MetadataAllowListConfig read(String name, Msg typed, Reading envoy) {
        throw new IllegalStateException("no message of Envoy is one of this filter: " + typed.type());
    }

    @Override
    public HttpFilterFactory make(MetadataAllowListConfig config, FilterContext context) {
        return new MetadataAllowListFactory(config);
    }
}
