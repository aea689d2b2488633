package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.FieldValues;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashMap;
import java.util.Map;

/**
 * What a policy says of an origin. As in Envoy, a matcher that fits the text {@code *} allows every origin: the official
 * sample configuration relies on {@code prefix: "*"}.
 */
final class CorsDecision {
    private static final int REMEMBERED = 64;

    /** A name of the DNS has 253 characters at most; what is longer than this is no origin of a page. */
    private static final int MAX_ORIGIN = 512;

    private final CorsPolicy policy;
    private final boolean any;

    private final ExposedFields exposed;

    /** Origins that a regular expression or the like has allowed; few, so a copy on each addition is cheap. */
    private volatile Map<String, Boolean> allowed = Map.of();

    CorsDecision(CorsPolicy policy) {
        this.policy = policy;
        this.any = policy.origins().stream().anyMatch(matcher -> matcher.matches("*"));
        this.exposed =
                new ExposedFields(policy.exposeHeaders(), policy.exposeSent().orElse(false));
    }

    CorsPolicy policy() {
        return policy;
    }

    /** The Origin field is compared as one text, as it was sent. */
    boolean allows(CharSequence origin) {
        if (origin.length() > MAX_ORIGIN) {
            return false;
        }
        if (any) {
            return true;
        }
        String text = origin.toString();
        if (allowed.containsKey(text)) {
            return true;
        }
        for (StringMatch matcher : policy.origins()) {
            if (matcher.matches(text)) {
                remember(text);
                return true;
            }
        }
        return false;
    }

    /**
     * Adds to a response what the policy says.
     *
     * @param origin of the request, where it is allowed; null where it is not, or where there is none
     */
    void stamp(Http2Headers head, CharSequence origin) {
        if (origin != null) {
            head.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            if (policy.allowCredentials().orElse(false)) {
                head.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
            }
            exposed.stamp(head);
        }
        addVary(head);
    }

    private static void addVary(Http2Headers head) {
        CharSequence vary = FieldValues.joined(head, HttpHeaderNames.VARY);
        if (vary == null) {
            head.set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
            return;
        }
        for (String name : vary.toString().split(",", -1)) {
            String field = name.strip();
            if (field.equals("*") || field.equalsIgnoreCase("origin")) {
                return;
            }
        }
        head.set(HttpHeaderNames.VARY, vary + ", origin");
    }

    private void remember(String origin) {
        if (allowed.size() < REMEMBERED) {
            Map<String, Boolean> more = new HashMap<>(allowed);
            more.put(origin, true);
            allowed = more;
        }
    }

    /** Which rules were tried, for the line that explains a refusal. */
    String rules() {
        return policy.origins().isEmpty()
                ? "no origin at all"
                : policy.origins().toString();
    }
}
