package io.grpcweb.gateway.filter.bandwidthlimit;

import io.grpcweb.gateway.config.FilterConfig;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A limit for the bodies of all calls that meet these settings.
 *
 * @param statPrefix of its series
 * @param direction which bodies it is about
 * @param kibPerSecond KiB in a second; absent for no limit
 * @param slice how often bodies go on
 * @param enabled share of the calls that are limited, from 0 to 1
 * @param trailers whether the trailers of a response tell for how long it was held
 * @param trailerPrefix stands before their names
 */
public record BandwidthLimitConfig(
        String name,
        String statPrefix,
        Direction direction,
        OptionalLong kibPerSecond,
        Duration slice,
        double enabled,
        boolean trailers,
        String trailerPrefix)
        implements FilterConfig {

    /** Which bodies are limited. */
    public enum Direction {
        DISABLED,
        REQUEST,
        RESPONSE,
        REQUEST_AND_RESPONSE;

        boolean request() {
            return this == REQUEST || this == REQUEST_AND_RESPONSE;
        }

        boolean response() {
            return this == RESPONSE || this == REQUEST_AND_RESPONSE;
        }
    }
}
