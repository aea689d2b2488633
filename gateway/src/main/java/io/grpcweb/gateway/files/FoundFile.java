package io.grpcweb.gateway.files;

import io.netty.handler.codec.DateFormatter;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;

/**
 * A file that is open for reading.
 *
 * @param channel belongs to whoever has it
 * @param name the last part of its path, without the end that its coding adds
 * @param coding of its content, or null
 * @param size in bytes
 * @param changed when, to the second
 * @param neverChanges whether its name says what is in it
 */
record FoundFile(FileChannel channel, String name, String coding, long size, Instant changed, boolean neverChanges) {

    FoundFile {
        changed = changed.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A strong validator (RFC 9110, section 8.8.3): another one for another coding. */
    String etag() {
        return "\"" + Long.toHexString(changed.getEpochSecond()) + "-" + Long.toHexString(size)
                + (coding == null ? "" : "-" + coding) + "\"";
    }

    /** In the format that senders have to use (RFC 9110, section 5.6.7). */
    String lastModified() {
        return DateFormatter.format(Date.from(changed));
    }
}
