package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.rbac.Rules.Action;
import io.grpcweb.gateway.filter.rbac.Rules.Outcome;
import io.grpcweb.gateway.filter.rbac.Rules.Policy;
import io.grpcweb.gateway.match.Condition;
import io.grpcweb.gateway.match.OwnConditions;
import io.grpcweb.gateway.match.OwnTrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules in the gateway's own format: {@code action} and {@code policies}, or a list {@code rules}. */
final class OwnRules {
    private static final OwnTrees<Outcome> TREES = new OwnTrees<>("rules", false, OwnRules::outcome, OwnRules::outcome);

    private OwnRules() {}

    /** The rules of a section; absent where it has none. */
    static Optional<Rules> read(Section own) {
        boolean policies = own.has("action") || own.has("policies");
        boolean tree = own.has("rules") || own.has("otherwise");
        if (policies && tree) {
            own.error("", "only one of policies and rules may be written");
        }
        if (tree) {
            return Optional.of(new Rules.Tree(TREES.tree(own)));
        }
        if (!policies) {
            return Optional.empty();
        }
        List<Policy> found = new ArrayList<>();
        own.named("policies")
                .forEach((name, policy) -> found.add(
                        new Policy(name, conditions(policy, "permissions"), conditions(policy, "principals"))));
        return Optional.of(new Rules.Policies(own.choice("action", Action.ALLOW), found));
    }

    /** What is not written holds for every call. */
    private static List<Condition> conditions(Section policy, String key) {
        return policy.has(key) ? OwnConditions.list(policy, key) : List.of(new Condition.Anything());
    }

    private static Outcome outcome(Section one) {
        Action action = one.choice("action", Action.ALLOW);
        return new Outcome(one.text("name", Tree.enumText(action)), action);
    }

    private static Tree outcome(Tree one, Outcome outcome) {
        return one.put("action", outcome.action(), Action.ALLOW)
                .put("name", outcome.name(), Tree.enumText(outcome.action()));
    }

    /** Writes what {@link #read} reads. */
    static void write(Optional<Rules> rules, Tree own) {
        if (rules.isEmpty()) {
            return;
        }
        if (rules.get() instanceof Rules.Policies policies) {
            own.put("action", policies.action());
            Tree named = new Tree();
            policies.policies().forEach(policy -> named.put(policy.name(), write(policy)));
            own.section("policies", named);
        } else {
            TREES.write(((Rules.Tree) rules.get()).tree(), own);
        }
    }

    private static Tree write(Policy policy) {
        Tree tree = new Tree();
        write(tree, "permissions", policy.permissions());
        write(tree, "principals", policy.principals());
        return tree;
    }

    private static void write(Tree policy, String key, List<Condition> conditions) {
        if (!conditions.equals(List.of(new Condition.Anything()))) {
            policy.put(key, conditions.stream().map(OwnConditions::write).toList());
        }
    }
}
