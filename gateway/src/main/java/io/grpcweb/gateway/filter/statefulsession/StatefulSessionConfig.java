package io.grpcweb.gateway.filter.statefulsession;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;
import java.util.Optional;

/**
 * How a client says which endpoint it belongs to.
 *
 * @param state where that is written; absent: the filter does nothing
 * @param strict whether a call fails where its endpoint takes no calls
 * @param strictStatus the HTTP status of that failure, 400 to 599
 * @param statPrefix of the counters; empty where nothing is counted
 */
public record StatefulSessionConfig(
        String name, Optional<State> state, boolean strict, int strictStatus, String statPrefix)
        implements FilterConfig {
    /** The status of a failure unless another one is configured. */
    static final int UNAVAILABLE = 503;

    /** Where the endpoint is written. */
    sealed interface State {}

    /**
     * In a cookie (RFC 6265), which the response sets.
     *
     * @param path that a request must be under; empty: any
     * @param ttlSeconds how long it holds; 0: as long as the browser keeps it
     * @param attributes more of them, such as {@code SameSite=None}
     */
    record Cookie(String name, String path, long ttlSeconds, List<String> attributes) implements State {
        public Cookie {
            attributes = List.copyOf(attributes);
        }
    }

    /** In a header field of request and response, lower-case. */
    record Field(String name) implements State {}
}
