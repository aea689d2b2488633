package io.grpcweb.gateway.filter.streamrotation;

import io.grpcweb.gateway.config.FilterConfig;
import java.time.Duration;

/**
 * When the response to a call has gone on for so long that it ends.
 *
 * @param age since the call began; zero is no limit
 * @param bytes of its response; 0 is no limit
 * @param jitter the share of the age by which calls end earlier, by chance, 0 to 1: so they do not all come back at once
 */
public record StreamRotationConfig(String name, Duration age, int bytes, double jitter) implements FilterConfig {

    /** The age of one call. */
    long ageNanos(double chance) {
        return (long) (age.toNanos() * (1 - jitter * chance));
    }
}
