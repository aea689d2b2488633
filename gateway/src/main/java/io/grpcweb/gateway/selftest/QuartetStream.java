package io.grpcweb.gateway.selftest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;

/** Takes base64 apart as it comes, padding in the middle included (PROTOCOL-WEB.md, text format). */
final class QuartetStream extends InputStream {
    private final InputStream in;
    private byte[] decoded = {};
    private int at;

    QuartetStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        if (at == decoded.length && !fill()) {
            return -1;
        }
        return decoded[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        byte[] quartet = in.readNBytes(4);
        if (quartet.length == 0) {
            return false;
        }
        if (quartet.length < 4) {
            throw new EOFException("base64 is cut off");
        }
        try {
            decoded = Base64.getDecoder().decode(quartet);
        } catch (IllegalArgumentException e) {
            throw new IOException("no base64: " + e.getMessage(), e);
        }
        at = 0;
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
