package io.grpcweb.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads one HTTP/1.1 answer as it comes (RFC 9112), strictly. */
public final class Http1Answer {
    private final InputStream in;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<Answer.Field> fields = new ArrayList<>();
    private final List<Answer.Field> trailers = new ArrayList<>();
    private int status = -1;
    private boolean chunked;
    private long left;
    private Answer.End end;

    Http1Answer(InputStream in) {
        this.in = in;
    }

    public int status() {
        return status;
    }

    /** The status line and the fields; false where the connection ended instead. */
    public boolean readHead() {
        String line = line();
        if (line == null) {
            end = Answer.End.CUT;
            return false;
        }
        if (!line.matches("HTTP/1\\.1 [0-9]{3} .*")) {
            throw new AssertionError("not a status line: " + line);
        }
        status = Integer.parseInt(line.substring(9, 12));
        readFields(fields);
        chunked = "chunked".equals(Answer.joined(fields, "transfer-encoding"));
        String length = Answer.joined(fields, "content-length");
        if (chunked && length != null) {
            throw new AssertionError("both transfer-encoding and content-length: " + fields);
        }
        left = chunked ? -1 : Long.parseLong(length == null ? "0" : length);
        if (left == 0) {
            end = Answer.End.CLEAN;
        }
        return true;
    }

    /** The body until it has this many bytes or ends. */
    public byte[] readBody(int bytes) {
        try {
            while (body.size() < bytes && end == null) {
                readSome();
            }
        } catch (SocketException e) {
            end = Answer.End.CUT;
        } catch (IOException e) {
            throw new UncheckedIOException("after " + status + " " + fields + " and " + body.size() + " bytes", e);
        }
        return body.toByteArray();
    }

    public Answer readAll() {
        if (status < 0 && end == null) {
            readHead();
        }
        readBody(Integer.MAX_VALUE);
        return new Answer(status, fields, body.toByteArray(), trailers, end);
    }

    private void readSome() throws IOException {
        if (chunked && left < 0) {
            String size = line();
            if (size == null) {
                end = Answer.End.CUT;
                return;
            }
            left = Long.parseLong(size, 16);
            if (left == 0) {
                readFields(trailers);
                end = Answer.End.CLEAN;
                return;
            }
        }
        int want = (int) Math.min(left, 16384);
        byte[] some = new byte[want];
        int got = in.read(some);
        if (got < 0) {
            end = Answer.End.CUT;
            return;
        }
        body.write(some, 0, got);
        left -= got;
        if (left == 0 && chunked) {
            left = -1;
            if (!"".equals(line())) {
                throw new AssertionError("a chunk without CRLF behind it");
            }
        } else if (left == 0) {
            end = Answer.End.CLEAN;
        }
    }

    private void readFields(List<Answer.Field> into) {
        String line = line();
        while (line != null && !line.isEmpty()) {
            int colon = line.indexOf(':');
            into.add(new Answer.Field(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip()));
            line = line();
        }
    }

    /** A line without its CRLF; null where the connection ended. */
    private String line() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int octet = in.read();
            while (octet >= 0 && octet != '\n') {
                line.write(octet);
                octet = in.read();
            }
            if (octet < 0) {
                return null;
            }
            String text = line.toString(StandardCharsets.ISO_8859_1);
            if (!text.endsWith("\r")) {
                throw new AssertionError("a line without CR: " + text);
            }
            return text.substring(0, text.length() - 1);
        } catch (SocketException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
