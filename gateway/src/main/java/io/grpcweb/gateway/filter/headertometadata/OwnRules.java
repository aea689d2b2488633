package io.grpcweb.gateway.filter.headertometadata;

import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.Rule;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.Setting;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.ValueType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rules in the gateway's own format: {@code [{ header = x-tenant, present { namespace = own, key = tenant } }]}. */
final class OwnRules {
    private OwnRules() {}

    static List<Rule> read(Section own, String key) {
        return own.sections(key).stream().map(OwnRules::rule).toList();
    }

    private static Rule rule(Section one) {
        Optional<String> header = one.text("header");
        Optional<String> cookie = one.text("cookie");
        if (header.isPresent() == cookie.isPresent()) {
            one.error("", "one of header and cookie is expected");
        }
        Rule rule = new Rule(
                header.map(name -> name.toLowerCase(Locale.ROOT))
                        .or(() -> cookie)
                        .orElse(""),
                header.isEmpty(),
                one.section("present").map(OwnRules::entry),
                one.section("missing").map(OwnRules::entry),
                one.flag("remove", false));
        RuleProblems.of(rule).forEach(text -> one.error("", text));
        return rule;
    }

    private static Setting entry(Section one) {
        if (one.text("key").isEmpty()) {
            one.error("", "'key' is required");
        }
        return new Setting(
                one.text("namespace", HeaderToMetadataKind.NAMESPACE),
                one.text("key", ""),
                one.text("value", ""),
                one.choice("type", ValueType.TEXT),
                one.flag("base64", false),
                MatchFormat.rewrite(one, "replace", Optional.empty()));
    }

    static Tree write(Rule rule) {
        Tree tree = new Tree().put(rule.cookie() ? "cookie" : "header", rule.field());
        rule.present().ifPresent(entry -> tree.put("present", write(entry)));
        rule.missing().ifPresent(entry -> tree.put("missing", write(entry)));
        return tree.put("remove", rule.remove(), false);
    }

    private static Tree write(Setting entry) {
        Tree tree = new Tree()
                .put("namespace", entry.namespace(), HeaderToMetadataKind.NAMESPACE)
                .put("key", entry.key())
                .put("value", entry.value(), "")
                .put("type", entry.type(), ValueType.TEXT)
                .put("base64", entry.base64(), false);
        MatchFormat.rewrite(tree, "replace", entry.rewrite());
        return tree;
    }
}
