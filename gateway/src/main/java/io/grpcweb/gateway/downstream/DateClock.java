package io.grpcweb.gateway.downstream;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** The {@code date} of responses (RFC 9110 section 5.6.7), formatted once a second. */
public final class DateClock {
    // By hand: the names of java.time come with all that is known of the world's languages, a tenth of the first call.
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private record Stamp(long second, AsciiString text) {}

    private volatile Stamp last = new Stamp(-1, AsciiString.EMPTY_STRING);

    AsciiString now() {
        long second = System.currentTimeMillis() / 1000;
        Stamp stamp = last;
        if (stamp.second != second) {
            stamp = new Stamp(
                    second, new AsciiString(text(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC))));
            last = stamp;
        }
        return stamp.text;
    }

    static String text(OffsetDateTime time) {
        StringBuilder out = new StringBuilder(29);
        name(out, DAYS, time.getDayOfWeek().getValue()).append(", ");
        digits(out, time.getDayOfMonth()).append(' ');
        name(out, MONTHS, time.getMonthValue())
                .append(' ')
                .append(time.getYear())
                .append(' ');
        digits(out, time.getHour()).append(':');
        digits(out, time.getMinute()).append(':');
        return digits(out, time.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder name(StringBuilder out, String names, int number) {
        return out.append(names, 3 * (number - 1), 3 * number);
    }

    private static StringBuilder digits(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
