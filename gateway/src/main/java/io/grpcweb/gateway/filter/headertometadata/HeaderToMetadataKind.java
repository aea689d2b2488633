package io.grpcweb.gateway.filter.headertometadata;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.Rule;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.Setting;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.ValueType;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Locale;

/** The filter {@code header-to-metadata}. */
public final class HeaderToMetadataKind implements FilterKind<HeaderToMetadataConfig> {
    /** Where metadata goes that names no other place. */
    static final String NAMESPACE = "envoy.filters.http.header_to_metadata";

    @Override
    public Class<HeaderToMetadataConfig> settings() {
        return HeaderToMetadataConfig.class;
    }

    @Override
    public String type() {
        return "header-to-metadata";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.header_to_metadata.v3.Config");
    }

    @Override
    public HeaderToMetadataConfig read(String name, Section own) {
        return new HeaderToMetadataConfig(name, OwnRules.read(own, "request"), OwnRules.read(own, "response"));
    }

    @Override
    public void write(HeaderToMetadataConfig config, Tree own) {
        own.list("request", config.request(), OwnRules::write).list("response", config.response(), OwnRules::write);
    }

    @Override
    public HeaderToMetadataConfig read(String name, Msg typed, Reading envoy) {
        return new HeaderToMetadataConfig(
                name, rules(typed, "request_rules", envoy), rules(typed, "response_rules", envoy));
    }

    private static List<Rule> rules(Msg typed, String field, Reading envoy) {
        return typed.messages(field).stream().map(one -> rule(one, envoy)).toList();
    }

    private static Rule rule(Msg one, Reading envoy) {
        if (one.has("header") == one.has("cookie")) {
            envoy.error(one, "", "one of header and cookie is required");
        }
        boolean cookie = one.has("cookie");
        Rule rule = new Rule(
                cookie ? one.text("cookie") : one.text("header").toLowerCase(Locale.ROOT),
                cookie,
                one.message("on_header_present").map(entry -> entry(entry, envoy)),
                one.message("on_header_missing").map(entry -> entry(entry, envoy)),
                one.flag("remove", false));
        RuleProblems.of(rule).forEach(text -> envoy.error(one, "", text));
        return rule;
    }

    private static Setting entry(Msg one, Reading envoy) {
        return new Setting(
                one.filled("metadata_namespace").orElse(NAMESPACE),
                one.text("key"),
                one.text("value"),
                one.text("type").equals("NUMBER") ? ValueType.NUMBER : ValueType.TEXT,
                one.text("encode").equals("BASE64"),
                one.message("regex_value_rewrite").flatMap(envoy.matchers()::rewrite));
    }

    @Override
    public HttpFilterFactory make(HeaderToMetadataConfig config, FilterContext context) {
        return new HeaderToMetadataFactory(config);
    }
}
