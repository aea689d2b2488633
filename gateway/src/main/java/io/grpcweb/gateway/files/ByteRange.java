package io.grpcweb.gateway.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file.
 *
 * @param from the first byte, from 0
 * @param to the last byte, inclusive; before {@code from} where nothing of the file is asked for
 */
record ByteRange(long from, long to) {
    private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

    /**
     * What a {@code range} field asks for; null for the whole: without a field, and for one that is not understood or has several
     * parts, which a server may ignore (RFC 9110, section 14.2).
     */
    static ByteRange of(CharSequence field, long size) {
        Matcher one = field == null ? null : ONE.matcher(field);
        if (one == null
                || !one.matches()
                || (one.group(1).isEmpty() && one.group(2).isEmpty())) {
            return null;
        }
        if (one.group(1).isEmpty()) {
            long last = Long.parseLong(one.group(2));
            return last == 0 ? new ByteRange(0, -1) : new ByteRange(Math.max(0, size - last), size - 1);
        }
        long from = Long.parseLong(one.group(1));
        long to = one.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(one.group(2)));
        if (!one.group(2).isEmpty() && Long.parseLong(one.group(2)) < from) {
            return null;
        }
        return from >= size ? new ByteRange(0, -1) : new ByteRange(from, to);
    }

    long length() {
        return to - from + 1;
    }
}
