package io.grpcweb.gateway.files;

import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A file that is open for reading.
 *
 * @param channel belongs to whoever has it
 * @param name the last part of its path, without the end that its coding adds
 * @param coding of its content, or null
 * @param size in bytes
 * @param changed when, to the second
 * @param isFallback whether it stands for a path that has no file
 * @param neverChanges whether its name says what is in it
 */
record FoundFile(
        FileChannel channel,
        String name,
        String coding,
        long size,
        Instant changed,
        boolean isFallback,
        boolean neverChanges) {

    /** RFC 9110, section 5.6.7: the format that senders have to use. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    FoundFile {
        changed = changed.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A strong validator (RFC 9110, section 8.8.3): another one for another coding. */
    String etag() {
        return "\"" + Long.toHexString(changed.getEpochSecond()) + "-" + Long.toHexString(size)
                + (coding == null ? "" : "-" + coding) + "\"";
    }

    String lastModified() {
        return DATE.format(changed);
    }
}
