package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What rules count: {@code http.<stat_prefix>.rbac.[<prefix>.]allowed}, and those of policies. */
final class RbacStats extends StatGroup {
    /** Those of the rules that are enforced, and those of the shadow rules. */
    final LongAdder allowed;

    final LongAdder denied;
    private final String word;

    /**
     * A group.
     *
     * @param http the prefix of the listener
     * @param prefix of the rules; may be empty
     * @param shadow whether they are shadow rules
     */
    RbacStats(String http, String prefix, boolean shadow) {
        super(
                "http." + http + ".rbac" + (prefix.isEmpty() ? "" : "." + prefix),
                "envoy_http_rbac",
                labels(http, prefix));
        word = shadow ? "shadow_" : "";
        allowed = counter(word + "allowed");
        denied = counter(word + "denied");
    }

    private static List<Label> labels(String http, String prefix) {
        List<Label> labels = new ArrayList<>();
        if (!prefix.isEmpty()) {
            labels.add(new Label("envoy_rbac_http_prefix", prefix));
        }
        labels.add(new Label("envoy_http_conn_manager_prefix", http));
        return labels;
    }

    /** A counter of one policy, which is shown from its first event. */
    LongAdder policy(String policy, boolean allows) {
        String end = word + (allows ? "allowed" : "denied");
        return counter(
                "policy." + policy + "." + end, "policy_" + end, new Label("envoy_rbac_policy_name", policy), false);
    }
}
