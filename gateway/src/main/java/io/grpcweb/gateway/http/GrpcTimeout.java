package io.grpcweb.gateway.http;

import java.util.concurrent.TimeUnit;

/** The {@code grpc-timeout} field (grpc doc/PROTOCOL-HTTP2.md), read as leniently as Envoy reads it. */
public final class GrpcTimeout {
    private static final long LARGEST = 99_999_999;

    private GrpcTimeout() {}

    /**
     * Nanoseconds, or -1 where the field is no timeout: empty, no unit, unknown unit, negative, over eight digits. A
     * leading plus is taken. Microseconds and nanoseconds are rounded up to a millisecond.
     */
    public static long parse(CharSequence field) {
        int last = field.length() - 1;
        int first = last > 0 && field.charAt(0) == '+' ? 1 : 0;
        if (last <= first - 1 || last == first) {
            return -1;
        }
        long number = 0;
        for (int i = first; i < last; i++) {
            char c = field.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
            if (number > LARGEST) {
                return -1;
            }
        }
        return switch (field.charAt(last)) {
            case 'H' -> TimeUnit.HOURS.toNanos(number);
            case 'M' -> TimeUnit.MINUTES.toNanos(number);
            case 'S' -> TimeUnit.SECONDS.toNanos(number);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(number);
            case 'u' -> TimeUnit.MILLISECONDS.toNanos((number + 999) / 1000);
            case 'n' -> TimeUnit.MILLISECONDS.toNanos((number + 999_999) / 1_000_000);
            default -> -1;
        };
    }

    /** The field for a time, in the smallest unit from milliseconds on that fits eight digits. */
    public static String format(long nanos) {
        long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
        if (millis <= LARGEST) {
            return millis + "m";
        }
        if (millis / 1000 <= LARGEST) {
            return millis / 1000 + "S";
        }
        return millis / 60_000 <= LARGEST ? millis / 60_000 + "M" : millis / 3_600_000 + "H";
    }
}
