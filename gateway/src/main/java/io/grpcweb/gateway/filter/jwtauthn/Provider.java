package io.grpcweb.gateway.filter.jwtauthn;

import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A provider that is in use. */
final class Provider {
    private final JwtProvider config;
    private final KeySource keys;
    private final Map<EventExecutor, VerifiedTokens> tokens = new ConcurrentHashMap<>();

    Provider(JwtProvider config, KeySource keys) {
        this.config = config;
        this.keys = keys;
    }

    JwtProvider config() {
        return config;
    }

    KeySource keys() {
        return keys;
    }

    /** What this event loop knows. */
    VerifiedTokens tokens(EventExecutor loop) {
        VerifiedTokens found = tokens.get(loop);
        if (found == null) {
            found = new VerifiedTokens(config.cachedTokens());
            tokens.put(loop, found);
        }
        return found;
    }

    /** Whether it may have issued a token with this {@code iss}. */
    boolean issues(String issuer) {
        return config.issuer().isEmpty() || config.issuer().equals(issuer);
    }

    /**
     * Looks at all but the signature.
     *
     * @param audiences of which one must be in it; none for all
     * @param now seconds since 1970
     */
    JwtStatus claims(Jwt token, List<String> audiences, long now) {
        long skew = config.clockSkew().toSeconds();
        if (token.notBefore() > now + skew) {
            return JwtStatus.NOT_YET_VALID;
        }
        if (token.expires() >= 0 && token.expires() < now - skew) {
            return JwtStatus.EXPIRED;
        }
        if (config.subjects().isPresent() && !config.subjects().get().matches(token.subject())) {
            return JwtStatus.FAILS;
        }
        if (!lifetime(token, now)) {
            return JwtStatus.FAILS;
        }
        if (!audiences.isEmpty() && token.audiences().stream().noneMatch(audiences::contains)) {
            return JwtStatus.AUDIENCE;
        }
        return JwtStatus.OK;
    }

    private boolean lifetime(Jwt token, long now) {
        if (token.expires() < 0) {
            return !config.requireExpiration() && config.maxLifetime().isEmpty();
        }
        return config.maxLifetime().isEmpty()
                || token.expires() - now <= config.maxLifetime().get().toSeconds();
    }
}
