package io.grpcweb.gateway.filter.jwtauthn;

import java.time.Duration;
import java.util.Optional;

/** Where the keys of a provider come from: a JSON web key set (RFC 7517). */
public sealed interface Jwks {

    /**
     * A text of the configuration, or of a file when the configuration is read.
     *
     * @param file empty for a text of the configuration
     */
    record Local(String text, Optional<String> file) implements Jwks {}

    /**
     * A server.
     *
     * @param uri of the key set
     * @param cluster that is asked
     * @param timeout of a request
     * @param cacheDuration how long keys are used before they are fetched again
     * @param outlive how much longer they are used while the server fails
     * @param ahead whether they are fetched before the first request
     * @param holdListener whether ports open behind that
     * @param retryPause between two tries ahead of the first request
     * @param retries of a request that fails
     * @param backOff the pause before the first one; it doubles up to {@code backOffMax}
     */
    record Remote(
            String uri,
            String cluster,
            Duration timeout,
            Duration cacheDuration,
            Duration outlive,
            boolean ahead,
            boolean holdListener,
            Duration retryPause,
            int retries,
            Duration backOff,
            Duration backOffMax)
            implements Jwks {

        static final Duration CACHE_DURATION = Duration.ofMinutes(10);
        static final Duration OUTLIVE = Duration.ofMinutes(10);
        static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
        static final Duration BACK_OFF = Duration.ofSeconds(1);
        static final Duration BACK_OFF_MAX = Duration.ofSeconds(10);
    }
}
