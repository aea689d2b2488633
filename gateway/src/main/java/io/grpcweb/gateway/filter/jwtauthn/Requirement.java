package io.grpcweb.gateway.filter.jwtauthn;

import java.util.List;
import java.util.Optional;

/** What a request needs to pass. */
public sealed interface Requirement {

    /**
     * Good tokens in the places of a provider, and at least one.
     *
     * @param audiences instead of those of the provider, if present
     */
    record Provider(String name, Optional<List<String>> audiences) implements Requirement {
        public Provider {
            audiences = audiences.map(List::copyOf);
        }
    }

    /** One of these. */
    record Any(List<Requirement> of) implements Requirement {
        public Any {
            of = List.copyOf(of);
        }
    }

    /** All of these. */
    record All(List<Requirement> of) implements Requirement {
        public All {
            of = List.copyOf(of);
        }
    }

    /** Whatever tokens there are must be good, of some provider; there may be none. */
    record AllowMissing() implements Requirement {}

    /**
     * Nothing; good tokens are taken note of, and of others the backend is told.
     *
     * @param header a field that says {@code false} where a token is not good
     */
    record ExtractOnly(String header) implements Requirement {}

    /** Nothing; good tokens are taken note of. */
    record AllowMissingOrFailed() implements Requirement {}
}
