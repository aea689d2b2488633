package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.filter.rbac.Rules.Action;
import io.grpcweb.gateway.filter.rbac.Rules.Outcome;
import io.grpcweb.gateway.filter.rbac.Rules.Policy;
import io.grpcweb.gateway.match.EnvoyConditions;
import io.grpcweb.gateway.match.EnvoyTrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules of Envoy's files: {@code envoy.config.rbac.v3.RBAC}, or a matcher with actions. */
final class EnvoyRules {
    private static final String ACTION = "envoy.config.rbac.v3.Action";

    private EnvoyRules() {}

    /** The rules of one of two fields; the matcher counts where both are there, as in Envoy. */
    static Optional<Rules> read(Msg typed, String rules, String matcher, Reading envoy) {
        Optional<Rules> tree = typed.message(matcher)
                .map(one -> new Rules.Tree(new EnvoyTrees<>(envoy, false, action -> outcome(action, envoy)).tree(one)));
        return tree.or(() -> typed.message(rules).map(one -> policies(one, envoy)));
    }

    private static Rules policies(Msg rules, Reading envoy) {
        EnvoyConditions conditions = new EnvoyConditions(envoy);
        List<Policy> policies = new ArrayList<>();
        rules.map("policies")
                .forEach((name, policy) -> policies.add(new Policy(
                        name,
                        EnvoyConditions.all(policy.messages("permissions"), conditions::permission),
                        EnvoyConditions.all(policy.messages("principals"), conditions::principal))));
        return new Rules.Policies(action(rules), policies);
    }

    private static Optional<Outcome> outcome(Msg action, Reading envoy) {
        if (!action.type().equals(ACTION)) {
            envoy.error(action, "", "needs " + ACTION);
            return Optional.empty();
        }
        return Optional.of(new Outcome(action.text("name"), action(action)));
    }

    private static Action action(Msg message) {
        return Action.valueOf(message.text("action", "ALLOW"));
    }
}
