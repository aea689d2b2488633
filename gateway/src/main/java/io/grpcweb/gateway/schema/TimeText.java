package io.grpcweb.gateway.schema;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Points in time (RFC 3339 section 5.6) and lengths of time as ProtoJSON writes them. Numbers of one digit are taken as well, as Envoy takes
 * them; a day that its month does not have is refused. Errors are worded as Envoy words them.
 */
final class TimeText {
    private static final Pattern TIMESTAMP =
            Pattern.compile("(-?\\d{1,9})-(\\d{1,2})-(\\d{1,2})T(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\.([^.]*))?");
    private static final Pattern OFFSET = Pattern.compile("(.*)(?:Z|([+-])(\\d\\d):(\\d\\d))", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("\\s*([+-]?)(\\d+)(?:\\.(.*))?", Pattern.DOTALL);

    private static final int NANO_DIGITS = 9;
    private static final long MOST_SECONDS_LASTED = 315_576_000_000L;
    private static final int MOST_DIGITS = 18;

    /** Of the years 1 and 9999. */
    private static final long FIRST_SECOND = -62_135_596_800L;

    private static final long LAST_SECOND = 253_402_300_799L;

    private TimeText() {}

    static Timestamp timestamp(String text) throws ParseException {
        Matcher whole = OFFSET.matcher(text);
        if (!whole.matches() || whole.group(2) != null && !isOffset(whole.group(3), whole.group(4))) {
            throw bad("Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.");
        }
        Matcher parts = TIMESTAMP.matcher(whole.group(1));
        if (!parts.matches()) {
            throw bad("Invalid time format: Failed to parse input");
        }
        int nanos = nanos(parts.group(7), "Invalid time format", "Timestamp value exceeds limits");
        long second = seconds(parts) - offset(whole);
        if (second < FIRST_SECOND || second > LAST_SECOND) {
            throw bad("Timestamp value exceeds limits");
        }
        return Timestamp.newBuilder().setSeconds(second).setNanos(nanos).build();
    }

    private static boolean isOffset(String hours, String minutes) {
        return Integer.parseInt(hours) < 24 && Integer.parseInt(minutes) < 60;
    }

    private static long offset(Matcher whole) {
        if (whole.group(2) == null) {
            return 0;
        }
        long offset = Integer.parseInt(whole.group(3)) * 3600L + Integer.parseInt(whole.group(4)) * 60L;
        return whole.group(2).equals("-") ? -offset : offset;
    }

    private static long seconds(Matcher parts) throws ParseException {
        int month = Integer.parseInt(parts.group(2));
        int day = Integer.parseInt(parts.group(3));
        int hour = Integer.parseInt(parts.group(4));
        int minute = Integer.parseInt(parts.group(5));
        // A leap second is the first one of the next minute.
        int second = Integer.parseInt(parts.group(6));
        if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) {
            throw bad("Invalid time format: Failed to parse input");
        }
        try {
            LocalDate date = LocalDate.of(Integer.parseInt(parts.group(1)), month, day);
            return date.toEpochDay() * 86_400 + hour * 3600L + minute * 60L + second;
        } catch (DateTimeException e) {
            throw bad("Invalid time format: Out-of-range field");
        }
    }

    static Duration duration(String text) throws ParseException {
        if (!text.endsWith("s")) {
            throw bad("Illegal duration format; duration must end with 's'");
        }
        Matcher parts = DURATION.matcher(text.substring(0, text.length() - 1));
        if (!parts.matches() || parts.group(2).length() > MOST_DIGITS) {
            throw bad("Invalid duration format, failed to parse seconds");
        }
        long seconds = Long.parseLong(parts.group(2));
        int nanos = nanos(parts.group(3), "Invalid duration format", "Duration value exceeds limits");
        if (seconds > MOST_SECONDS_LASTED) {
            throw bad("Duration value exceeds limits");
        }
        int sign = parts.group(1).equals("-") ? -1 : 1;
        return Duration.newBuilder()
                .setSeconds(sign * seconds)
                .setNanos(sign * nanos)
                .build();
    }

    /** What stands behind the point; null and nothing for 0. */
    private static int nanos(String digits, String format, String limits) throws ParseException {
        if (digits == null || digits.isEmpty()) {
            return 0;
        }
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw bad(format + ", failed to parse nano seconds");
        }
        if (digits.length() > NANO_DIGITS) {
            throw bad(limits);
        }
        return Integer.parseInt(digits + "0".repeat(NANO_DIGITS - digits.length()));
    }

    private static ParseException bad(String why) {
        return new ParseException(why, 0);
    }
}
