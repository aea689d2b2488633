package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.StringMatch;
import io.netty.util.AsciiString;
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

    /** As it is written on every answer. */
    private final AsciiString exposeHeaders;

    /** Origins that a regular expression or the like has allowed; few, so a copy on each addition is cheap. */
    private volatile Map<String, Boolean> allowed = Map.of();

    CorsDecision(CorsPolicy policy) {
        this.policy = policy;
        this.any = policy.origins().stream().anyMatch(matcher -> matcher.matches("*"));
        this.exposeHeaders = new AsciiString(policy.exposeHeaders());
    }

    CorsPolicy policy() {
        return policy;
    }

    /** The value of {@code access-control-expose-headers}; empty where there is none. */
    AsciiString exposeHeaders() {
        return exposeHeaders;
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
