package io.grpcweb.gateway.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** What a duration of a configuration may be, in both formats: clocks count nanoseconds in 63 bits. */
public final class Durations {
    /** More nanoseconds do not fit. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    /** What is longer ends after everybody who could wait for it; sums of these and of a clock's time fit. */
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000 / 4);

    private Durations() {}

    /** Why a duration cannot be used, if so; {@code written} is how it stands in the file. */
    public static Optional<String> problem(Duration duration, String written) {
        if (duration.isNegative()) {
            return Optional.of("must not be negative, as " + written + " is");
        }
        return duration.compareTo(LONGEST) >= 0 ? Optional.of(tooLong(written)) : Optional.empty();
    }

    static String tooLong(String written) {
        BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE, 9);
        return written + " is longer than the longest duration, " + most.toPlainString() + "s (2^63 ns)";
    }

    /** The same; decades instead of centuries. */
    public static Duration bounded(Duration duration) {
        return duration.compareTo(FOR_EVER) > 0 ? FOR_EVER : duration;
    }
}
