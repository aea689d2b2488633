package io.grpcweb.gateway.filter.headertometadata;

import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataConfig.Rule;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a rule, in either format. */
final class RuleProblems {
    private RuleProblems() {}

    static List<String> of(Rule rule) {
        List<String> problems = new ArrayList<>();
        if (rule.present().isEmpty() && rule.missing().isEmpty()) {
            problems.add("the rule for '" + rule.field()
                    + "' says neither what is set where it is there nor where it is not");
        }
        if (rule.cookie() && rule.remove()) {
            problems.add("a cookie cannot be removed");
        }
        if (rule.missing().filter(entry -> entry.value().isEmpty()).isPresent()) {
            problems.add("a value is needed where '" + rule.field() + "' is missing");
        }
        rule.present()
                .filter(entry -> !entry.value().isEmpty() && entry.rewrite().isPresent())
                .ifPresent(
                        entry -> problems.add("only one of a value and a rewrite of the field's own may be written"));
        return problems;
    }
}
