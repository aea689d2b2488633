package io.grpcweb.gateway.downstream;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code date} of answers (RFC 9110 section 5.6.7), formatted once a second. */
public final class DateClock {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private record Stamp(long second, AsciiString text) {}

    private volatile Stamp last = new Stamp(-1, AsciiString.EMPTY_STRING);

    AsciiString now() {
        long second = System.currentTimeMillis() / 1000;
        Stamp stamp = last;
        if (stamp.second != second) {
            stamp = new Stamp(second, new AsciiString(FORMAT.format(Instant.ofEpochSecond(second))));
            last = stamp;
        }
        return stamp.text;
    }
}
