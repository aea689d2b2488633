package io.grpcweb.gateway.filter.jwtauthn;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an event loop knows of the tokens of a provider: the keys made ready, and the last tokens that were verified with
 * them, so that the token of a page is read and verified once and not with each call. Times and claims are looked at each
 * time. New keys forget all of it. Confined to the event loop.
 */
final class VerifiedTokens {
    private final JwtProvider.TokenCacheConfig limits;
    private final Map<String, Jwt> tokens;
    private KeySet keys;
    private Verifier verifier;

    VerifiedTokens(JwtProvider.TokenCacheConfig limits) {
        this.limits = limits;
        this.tokens = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Jwt> eldest) {
                return size() > limits.most();
            }
        };
    }

    /** The token, if it was verified with these keys; else null. */
    Jwt get(String text, KeySet with) {
        return with != null && with.equals(keys) ? tokens.get(text) : null;
    }

    /** Verifies a token, and remembers it where it is good. */
    JwtStatus verify(String text, Jwt token, KeySet with) {
        if (!with.equals(keys)) {
            keys = with;
            verifier = new Verifier(with);
            tokens.clear();
        }
        JwtStatus status = verifier.verify(token);
        if (status == JwtStatus.OK && text.length() <= limits.maxTokenBytes() && limits.most() > 0) {
            tokens.put(text, token);
        }
        return status;
    }
}
