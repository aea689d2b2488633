package io.grpcweb.gateway.filter.iptagging;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.config.hocon.ValueFormat;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.iptagging.IpTaggingConfig.Requests;
import io.grpcweb.gateway.filter.iptagging.IpTaggingConfig.Tag;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The filter {@code ip-tagging}. */
public final class IpTaggingKind implements FilterKind<IpTaggingConfig> {

    @Override
    public Class<IpTaggingConfig> settings() {
        return IpTaggingConfig.class;
    }

    @Override
    public String type() {
        return "ip-tagging";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.ip_tagging.v3.IPTagging");
    }

    @Override
    public IpTaggingConfig read(String name, Section own) {
        List<Tag> tags = new ArrayList<>();
        own.section("tags").ifPresent(all -> all.keys().stream()
                .sorted()
                .forEach(tag -> tags.add(new Tag(tag, ValueFormat.ranges(all, tag)))));
        return new IpTaggingConfig(
                name,
                own.choice("requests", Requests.BOTH),
                tags,
                own.text("field", IpTaggingConfig.FIELD).toLowerCase(Locale.ROOT),
                own.flag("append", !own.has("field")));
    }

    @Override
    public void write(IpTaggingConfig config, Tree own) {
        Tree tags = new Tree();
        config.tags().forEach(tag -> tags.put(tag.name(), ValueFormat.write(tag.ranges())));
        own.section("tags", tags)
                .put("requests", config.requests(), Requests.BOTH)
                .put("field", config.field(), IpTaggingConfig.FIELD)
                .put("append", config.append(), config.field().equals(IpTaggingConfig.FIELD));
    }

    @Override
    public IpTaggingConfig read(String name, Msg typed, Reading envoy) {
        Optional<Msg> header = typed.message("ip_tag_header");
        return new IpTaggingConfig(
                name,
                Requests.valueOf(typed.text("request_type", "BOTH")),
                typed.messages("ip_tags").stream()
                        .map(tag -> new Tag(
                                tag.text("ip_tag_name"), envoy.matchers().ranges(tag, "ip_list")))
                        .toList(),
                header.map(one -> one.text("header").toLowerCase(Locale.ROOT)).orElse(IpTaggingConfig.FIELD),
                header.map(one -> one.text("action").equals("APPEND_IF_EXISTS_OR_ADD"))
                        .orElse(true));
    }

    @Override
    public HttpFilterFactory make(IpTaggingConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        return new IpTaggingFactory(
                config,
                context.stats()
                        .group("http." + http + ".ip_tagging", IpTaggingStats.class, () -> new IpTaggingStats(http)));
    }
}
