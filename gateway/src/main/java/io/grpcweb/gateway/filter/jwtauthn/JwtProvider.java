package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.config.StringMatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who issues tokens.
 *
 * @param issuer the {@code iss} of its tokens; empty for any
 * @param audiences one of these must be in {@code aud}; empty for any
 * @param subjects what {@code sub} must fit
 * @param requireExpiration whether tokens must have an {@code exp}
 * @param maxLifetime how long after now, or after its {@code iat}, a token may expire
 * @param clockSkew by how much the clock of the issuer may differ
 * @param keys with which its tokens are verified
 * @param places where its tokens are found
 * @param forward whether the backend sees the token where it was found
 * @param outcome what is made of a good token
 * @param cachedTokens which verified tokens are kept
 * @param clearRouteCache whether the route is chosen anew when a token is good
 */
public record JwtProvider(
        String issuer,
        List<String> audiences,
        Optional<StringMatch> subjects,
        boolean requireExpiration,
        Optional<Duration> maxLifetime,
        Duration clockSkew,
        Jwks keys,
        Places places,
        boolean forward,
        Outcome outcome,
        TokenCacheConfig cachedTokens,
        boolean clearRouteCache) {

    /** Envoy's. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    public JwtProvider {
        audiences = List.copyOf(audiences);
    }

    /**
     * Where tokens are found; where all lists are empty, in {@code Authorization: Bearer} and the parameter {@code
     * access_token}.
     */
    public record Places(List<Header> headers, List<String> parameters, List<String> cookies) {
        static final Places DEFAULT =
                new Places(List.of(new Header("authorization", "Bearer ")), List.of("access_token"), List.of());

        public Places {
            headers = List.copyOf(headers);
            parameters = List.copyOf(parameters);
            cookies = List.copyOf(cookies);
        }

        /** These, or the usual ones where none is named. */
        Places orDefault() {
            return headers.isEmpty() && parameters.isEmpty() && cookies.isEmpty() ? DEFAULT : this;
        }
    }

    /** The token stands behind a prefix, which may be empty. */
    public record Header(String name, String prefix) {}

    /**
     * What is made of a good token. Absent names: nothing.
     *
     * @param payloadHeader gets the payload in base64url
     * @param padPayload whether it is padded
     * @param claims fields for the backend
     * @param payloadMetadata key of the dynamic metadata that gets the payload
     * @param headerMetadata the same for the header of the token
     * @param failureMetadata the same for the reason why a token is not good
     * @param spaceDelimited claims that become lists in the metadata
     */
    public record Outcome(
            Optional<String> payloadHeader,
            boolean padPayload,
            List<Claim> claims,
            Optional<String> payloadMetadata,
            Optional<String> headerMetadata,
            Optional<String> failureMetadata,
            List<String> spaceDelimited) {
        public Outcome {
            claims = List.copyOf(claims);
            spaceDelimited = List.copyOf(spaceDelimited);
        }
    }

    /**
     * A claim becomes a field.
     *
     * @param path the name of the claim, behind those of the claims that it is inside of
     */
    public record Claim(String header, List<String> path) {
        public Claim {
            path = List.copyOf(path);
        }

        /** By a name with dots for claims inside claims. */
        static Claim dotted(String header, String claim) {
            return new Claim(header, List.of(claim.split("\\.", -1)));
        }
    }

    /**
     * Verified tokens are kept.
     *
     * @param counted whether the file asks for it, so that it is counted as in Envoy
     * @param most how many, in each event loop
     * @param maxTokenBytes of a token that is kept
     */
    public record TokenCacheConfig(boolean counted, int most, int maxTokenBytes) {
        /** Envoy's numbers. */
        static final TokenCacheConfig DEFAULT = new TokenCacheConfig(false, 100, 4096);
    }
}
