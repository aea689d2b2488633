package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.match.Condition;
import io.grpcweb.gateway.match.MatchTree;
import java.util.List;

/** Who may call what. */
sealed interface Rules {

    /** What becomes of a call that a rule is about. */
    enum Action {
        /** It may pass. */
        ALLOW,
        /** It may not pass. */
        DENY,
        /** It passes, and the access log is told that it is worth a line. */
        LOG
    }

    /**
     * Policies that all have one action. Where none fits, ALLOW refuses and DENY lets pass.
     *
     * @param policies asked in the order of their names, as in Envoy
     */
    record Policies(Action action, List<Policy> policies) implements Rules {
        public Policies {
            policies = List.copyOf(policies);
        }
    }

    /** A policy fits where one of the permissions and one of the principals do. */
    record Policy(String name, List<Condition> permissions, List<Condition> principals) {
        public Policy {
            permissions = List.copyOf(permissions);
            principals = List.copyOf(principals);
        }
    }

    /** A list of conditions, each with an action of its own; where nothing is found, the call is refused. */
    record Tree(MatchTree<Outcome> tree) implements Rules {}

    /** What becomes of a call, and the name of the rule that says so. */
    record Outcome(String name, Action action) {}
}
