package io.grpcweb.gateway.filter.headertometadata;

import io.grpcweb.gateway.config.Patterns;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.Rule;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.Setting;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.ValueType;
import io.grpcweb.gateway.http.Cookies;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Applies the rules for one head. */
final class Rules {
    /** Bytes of a value; a longer one is not set. */
    private static final int MOST_VALUE = 8 * 1024;

    private Rules() {}

    static void apply(List<Rule> rules, Http2Headers head, StreamInfo info) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            CharSequence found = value(rule, head);
            if (found == null) {
                if (rule.missing().isPresent()) {
                    set(rule.missing().get(), rule.missing().get().value(), info);
                }
                continue;
            }
            if (rule.present().isPresent()) {
                Setting entry = rule.present().get();
                set(entry, entry.value().isEmpty() ? rewritten(entry, found.toString()) : entry.value(), info);
            }
            if (rule.remove()) {
                head.remove(rule.field());
            }
        }
    }

    /** Null where there is none; all values of a field are one. */
    private static CharSequence value(Rule rule, Http2Headers head) {
        if (!rule.cookie()) {
            return FieldValues.joined(head, rule.field());
        }
        String cookie = Cookies.value(head, rule.field());
        return cookie.isEmpty() ? null : cookie;
    }

    /** A value that is too long for the expression stays as it is. */
    private static String rewritten(Setting entry, String value) {
        return entry.rewrite()
                .filter(rewrite -> Patterns.reaches(rewrite.pattern(), value.length()))
                .map(rewrite -> rewrite.in(value))
                .orElse(value);
    }

    private static void set(Setting entry, String given, StreamInfo info) {
        if (given.isEmpty() || given.length() > MOST_VALUE) {
            return;
        }
        Object value = typed(entry, given);
        if (value != null) {
            info.addMetadata().putAll(entry.namespace(), Map.of(entry.key(), value));
        }
    }

    /** Null where the text is none of what it should be. */
    private static Object typed(Setting entry, String given) {
        try {
            String text =
                    entry.base64() ? new String(Base64.getDecoder().decode(given), StandardCharsets.UTF_8) : given;
            return entry.type() == ValueType.NUMBER ? (Object) Double.valueOf(text.strip()) : text;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
