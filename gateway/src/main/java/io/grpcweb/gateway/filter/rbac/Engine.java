package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.filter.rbac.Rules.Action;
import io.grpcweb.gateway.filter.rbac.Rules.Outcome;
import io.grpcweb.gateway.filter.rbac.Rules.Policy;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.match.Check;
import io.grpcweb.gateway.match.Condition;
import io.grpcweb.gateway.match.Decider;
import io.grpcweb.gateway.match.MatchTree;
import io.grpcweb.gateway.match.Truth;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules that are ready to be asked. What cannot be told, since a value is too long to be looked at, is told against the caller. */
interface Engine {

    Verdict judge(StreamInfo info, Http2Headers head);

    /**
     * Prepares rules.
     *
     * @param prefix of what is told in metadata, such as {@code enforced_}
     */
    static Engine of(Rules rules, String prefix) {
        return rules instanceof Rules.Policies policies
                ? of(policies, prefix)
                : of(((Rules.Tree) rules).tree(), prefix);
    }

    private static Engine of(Rules.Policies rules, String prefix) {
        Action action = rules.action();
        List<Policy> sorted = rules.policies().stream()
                .sorted(Comparator.comparing(Policy::name))
                .toList();
        Check[] checks = sorted.stream().map(Engine::check).toArray(Check[]::new);
        Verdict[] fitting = sorted.stream()
                .map(policy -> verdict(action, true, policy.name(), prefix))
                .toArray(Verdict[]::new);
        Verdict none = verdict(action, false, "", prefix);
        Truth least = action == Action.DENY ? Truth.UNKNOWN : Truth.YES;
        return (info, head) -> {
            for (int i = 0; i < checks.length; i++) {
                if (checks[i].holds(info, head).compareTo(least) >= 0) {
                    return fitting[i];
                }
            }
            return none;
        };
    }

    private static Check check(Policy policy) {
        return Check.of(new Condition.All(
                List.of(new Condition.AnyOf(policy.permissions()), new Condition.AnyOf(policy.principals()))));
    }

    private static Verdict verdict(Action action, boolean fits, String policy, String prefix) {
        boolean allowed = action == Action.LOG || fits == (action == Action.ALLOW);
        return Verdict.of(allowed, policy, prefix, action == Action.LOG ? Verdict.hint(fits) : null);
    }

    private static Engine of(MatchTree<Outcome> tree, String prefix) {
        Map<Outcome, Verdict> verdicts = new HashMap<>();
        List<Outcome> all = tree.actions();
        boolean logs = all.stream().anyMatch(outcome -> outcome.action() == Action.LOG);
        for (Outcome outcome : all) {
            Action action = outcome.action();
            verdicts.put(
                    outcome,
                    Verdict.of(
                            action != Action.DENY,
                            outcome.name(),
                            prefix,
                            logs ? Verdict.hint(action == Action.LOG) : null));
        }
        Verdict none = Verdict.of(false, "", prefix, null);
        Decider<Verdict> decider = new Decider<>(tree.map(verdicts::get), verdict -> !verdict.allowed());
        return (info, head) -> {
            Verdict found = decider.find(info, head);
            return found == null ? none : found;
        };
    }
}
