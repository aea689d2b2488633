package io.grpcweb.gateway.filter.jwtauthn;

import io.netty.util.AsciiString;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks for good tokens in some places. All that are found are checked, because a backend may look at any of them; the one
 * that is found last is checked first, as in Envoy.
 */
final class TokenCheck implements Check {
    /** What may be wrong all the same. */
    enum Lenience {
        NONE,
        MISSING,
        MISSING_OR_FAILED
    }

    private final List<Searched> places;
    private final Provider single;
    private final Optional<List<String>> audiences;
    private final Lenience lenience;
    private final String failedHeader;
    private final JwtReader reader = new JwtReader();

    /** A place, and whose tokens may stand there. */
    private record Searched(TokenPlace place, List<Provider> providers) {

        /** The one that issued a token; null where nobody did. */
        Provider issuer(String issuer) {
            Provider any = null;
            for (Provider one : providers) {
                if (one.config().issuer().equals(issuer) && !issuer.isEmpty()) {
                    return one;
                }
                if (any == null && one.issues(issuer)) {
                    any = one;
                }
            }
            return any;
        }
    }

    private record Found(String text, Searched at) {}

    private TokenCheck(
            List<Searched> places,
            Provider single,
            Optional<List<String>> audiences,
            Lenience lenience,
            String failedHeader) {
        this.places = places;
        this.single = single;
        this.audiences = audiences;
        this.lenience = lenience;
        this.failedHeader = failedHeader;
    }

    /**
     * Tokens of one provider.
     *
     * @param audiences instead of those of the provider
     */
    static TokenCheck of(Provider provider, Optional<List<String>> audiences) {
        return new TokenCheck(
                TokenPlaces.of(provider.config().places().orDefault()).stream()
                        .map(place -> new Searched(place, List.of(provider)))
                        .toList(),
                provider,
                audiences,
                Lenience.NONE,
                "");
    }

    /** Tokens of whichever provider, none of which is needed. */
    static TokenCheck of(Collection<Provider> providers, Lenience lenience) {
        return of(providers, lenience, "");
    }

    /**
     * The same, whatever becomes of the tokens.
     *
     * @param failedHeader says {@code false} to the backend where a token is not good
     */
    static TokenCheck extract(Collection<Provider> providers, String failedHeader) {
        return of(providers, Lenience.MISSING_OR_FAILED, failedHeader);
    }

    private static TokenCheck of(Collection<Provider> providers, Lenience lenience, String failedHeader) {
        Map<TokenPlace, List<Provider>> places = new LinkedHashMap<>();
        for (Provider provider : providers) {
            TokenPlaces.of(provider.config().places().orDefault())
                    .forEach(place -> places.computeIfAbsent(place, first -> new ArrayList<>())
                            .add(provider));
        }
        return new TokenCheck(
                TokenPlaces.sorted(places.keySet()).stream()
                        .map(place -> new Searched(place, List.copyOf(places.get(place))))
                        .toList(),
                null,
                Optional.empty(),
                lenience,
                failedHeader);
    }

    @Override
    public void check(JwtCall call, Consumer<JwtStatus> done) {
        new Run(call, done).begin();
    }

    /** The check of one request. */
    private final class Run {
        private final JwtCall call;
        private final Consumer<JwtStatus> done;
        private final EventExecutor loop;
        private final List<Found> left = new ArrayList<>(1);
        private Provider provider = single;

        Run(JwtCall call, Consumer<JwtStatus> done) {
            this.call = call;
            this.done = done;
            this.loop = call.exchange().executor();
        }

        void begin() {
            for (Searched searched : places) {
                String text = searched.place().find(call.search());
                if (text != null) {
                    left.add(new Found(text, searched));
                }
            }
            if (left.isEmpty()) {
                if (single != null) {
                    Outcomes.failed(single.config(), JwtStatus.MISSING, call);
                }
                done.accept(lenience == Lenience.NONE ? JwtStatus.MISSING : JwtStatus.OK);
            } else {
                next();
            }
        }

        private void next() {
            Found token = left.remove(left.size() - 1);
            try {
                examine(token);
            } catch (JwtException e) {
                ended(e.status());
            }
        }

        private void examine(Found token) throws JwtException {
            Jwt jwt = single == null ? null : remembered(token.text());
            boolean verified = jwt != null;
            if (!verified) {
                jwt = reader.read(token.text());
            }
            Provider issuer = token.at().issuer(jwt.issuer());
            if (issuer == null) {
                ended(JwtStatus.UNKNOWN_ISSUER);
                return;
            }
            provider = issuer;
            JwtStatus status =
                    issuer.claims(jwt, audiences.orElse(issuer.config().audiences()), call.now());
            if (status != JwtStatus.OK) {
                ended(status);
            } else if (verified) {
                good(token, jwt);
            } else {
                verify(token, jwt);
            }
        }

        /** The token, if it was verified before. */
        private Jwt remembered(String text) {
            boolean counted = single.config().cachedTokens().counted();
            KeySet now = single.keys().now(loop);
            Jwt known = single.tokens(loop)
                    .get(text, now == null && counted ? single.keys().last() : now);
            (known != null && counted ? call.stats().cacheHit : call.stats().cacheMiss).increment();
            return known;
        }

        private void verify(Found token, Jwt jwt) {
            KeySet keys = provider.keys().now(loop);
            if (keys == null) {
                call.await(provider.keys(), fetched -> verify(token, jwt, fetched));
            } else {
                verify(token, jwt, keys);
            }
        }

        private void verify(Found token, Jwt jwt, KeySet keys) {
            JwtStatus status =
                    keys == null ? JwtStatus.FETCH : provider.tokens(loop).verify(token.text(), jwt, keys);
            if (status == JwtStatus.OK) {
                good(token, jwt);
            } else {
                ended(status);
            }
        }

        private void good(Found token, Jwt jwt) {
            Outcomes.apply(provider.config(), jwt, call);
            if (!provider.config().forward()) {
                token.at().place().clear(call.head());
            }
            if (provider.config().clearRouteCache()) {
                call.reroute();
            }
            ended(JwtStatus.OK);
        }

        private void ended(JwtStatus status) {
            if (status != JwtStatus.OK && provider != null) {
                Outcomes.failed(provider.config(), status, call);
            }
            if (!left.isEmpty() && (status == JwtStatus.OK || lenience != Lenience.NONE)) {
                next();
                return;
            }
            if (status != JwtStatus.OK && !failedHeader.isEmpty()) {
                call.head().set(AsciiString.of(failedHeader), "false");
            }
            done.accept(lenience == Lenience.MISSING_OR_FAILED ? JwtStatus.OK : status);
        }
    }
}
