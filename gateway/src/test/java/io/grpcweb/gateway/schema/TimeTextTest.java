package io.grpcweb.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 0, 0",
        "1970-01-01T01:00:05.5+01:00, 5, 500000000",
        "1969-12-31T23:59:59.9Z, -1, 900000000",
        "2026-1-2T3:4:5Z, 1767323045, 0",
        "2026-01-02T03:04:60Z, 1767323100, 0",
        "2026-01-02T03:04:05.Z, 1767323045, 0",
        "2024-02-29T00:00:00-00:00, 1709164800, 0",
        "0001-01-01T00:00:00Z, -62135596800, 0",
        "9999-12-31T23:59:59.999999999Z, 253402300799, 999999999",
    })
    void pointsInTime(String text, long seconds, int nanos) throws Exception {
        assertThat(TimeText.timestamp(text))
                .isEqualTo(Timestamp.newBuilder()
                        .setSeconds(seconds)
                        .setNanos(nanos)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "2026-01-02T03:04:05|Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.",
                "2026-01-02T03:04:05z|Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.",
                "2026-01-02T03:04:05Z |Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.",
                "2026-01-02T03:04:05+0100|Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.",
                "2026-01-02T03:04:05+24:00|Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.",
                "2026-01-02 03:04:05Z|Invalid time format: Failed to parse input",
                "2026-01-02T03:04Z|Invalid time format: Failed to parse input",
                "2026-13-02T03:04:05Z|Invalid time format: Failed to parse input",
                "2026-00-02T03:04:05Z|Invalid time format: Failed to parse input",
                "2026-01-32T03:04:05Z|Invalid time format: Failed to parse input",
                "2026-01-02T24:00:00Z|Invalid time format: Failed to parse input",
                "2026-01-02T03:60:05Z|Invalid time format: Failed to parse input",
                "2026-01-02T03:04:61Z|Invalid time format: Failed to parse input",
                "2026-02-29T03:04:05Z|Invalid time format: Out-of-range field",
                "2026-01-02T03:04:05.xZ|Invalid time format, failed to parse nano seconds",
                "2026-01-02T03:04:05.1234567891Z|Timestamp value exceeds limits",
                "99999-01-02T03:04:05Z|Timestamp value exceeds limits",
                "0000-12-31T23:59:59Z|Timestamp value exceeds limits",
                "0001-01-01T00:00:00+01:00|Timestamp value exceeds limits",
            })
    void noPointsInTime(String text, String why) {
        assertThatThrownBy(() -> TimeText.timestamp(text)).hasMessage(why);
    }

    @ParameterizedTest
    @CsvSource({
        "0s, 0, 0",
        "-0s, 0, 0",
        "1.s, 1, 0",
        "+1.5s, 1, 500000000",
        "-0.5s, 0, -500000000",
        "-315576000000.999999999s, -315576000000, -999999999",
    })
    void lengthsOfTime(String text, long seconds, int nanos) throws Exception {
        assertThat(TimeText.duration(text))
                .isEqualTo(Duration.newBuilder()
                        .setSeconds(seconds)
                        .setNanos(nanos)
                        .build());
    }

    @ParameterizedTest
    @CsvSource({
        "1, Illegal duration format; duration must end with 's'",
        "1S, Illegal duration format; duration must end with 's'",
        "s, 'Invalid duration format, failed to parse seconds'",
        ".5s, 'Invalid duration format, failed to parse seconds'",
        "1e3s, 'Invalid duration format, failed to parse seconds'",
        "--1s, 'Invalid duration format, failed to parse seconds'",
        "1.xs, 'Invalid duration format, failed to parse nano seconds'",
        "1.0000000001s, Duration value exceeds limits",
        "315576000001s, Duration value exceeds limits",
    })
    void noLengthsOfTime(String text, String why) {
        assertThatThrownBy(() -> TimeText.duration(text)).hasMessage(why);
    }
}
