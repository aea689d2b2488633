package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.config.TagRule;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;

/** The tags that the configuration adds to log entries. */
final class OwnTagValues {
    private final List<TagRule> rules;
    private final List<Substitution> values;

    OwnTagValues(List<TagRule> rules, Substitution.Compiler compiler) {
        this.rules = rules;
        this.values = rules.stream().map(rule -> compiler.field(rule.value())).toList();
    }

    /** Shows each name and its value. */
    void forEach(StreamInfo info, BiConsumer<String, String> each) {
        for (int i = 0; i < rules.size(); i++) {
            String value = new String(ProtoWriter.utf8(values.get(i).of(info)), StandardCharsets.UTF_8);
            String shown = value.isEmpty() ? rules.get(i).otherwise() : value;
            if (!shown.isEmpty()) {
                each.accept(rules.get(i).name(), shown);
            }
        }
    }
}
