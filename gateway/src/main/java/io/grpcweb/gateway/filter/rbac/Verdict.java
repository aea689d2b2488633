package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.LocalReply;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What rules say of a call. There is one for each way to be judged, made with the configuration.
 *
 * @param policy the name of the policy or rule that decided; empty where none did
 * @param told what is written down in the metadata of the call
 * @param hint what the action LOG tells the access log; null for nothing
 */
record Verdict(boolean allowed, String policy, Map<String, Object> told, Map<String, Object> hint, LocalReply refusal) {
    private static final Map<String, Object> LOGGED = Map.of("access_log_hint", true);
    private static final Map<String, Object> NOT_LOGGED = Map.of("access_log_hint", false);

    /** With keys that begin with {@code prefix}, such as {@code enforced_}. */
    static Verdict of(boolean allowed, String policy, String prefix, Map<String, Object> hint) {
        Map<String, Object> told = new LinkedHashMap<>();
        if (!policy.isEmpty()) {
            told.put(prefix + "effective_policy_id", policy);
        }
        told.put(prefix + "engine_result", allowed ? "allowed" : "denied");
        Details details = Details.of("rbac_access_denied_matched_policy["
                + (policy.isEmpty() ? "none" : policy.replaceAll("\\s", "_")) + "]");
        return new Verdict(
                allowed, policy, Map.copyOf(told), hint, LocalReply.denied(403, "RBAC: access denied", details));
    }

    static Map<String, Object> hint(boolean log) {
        return log ? LOGGED : NOT_LOGGED;
    }
}
