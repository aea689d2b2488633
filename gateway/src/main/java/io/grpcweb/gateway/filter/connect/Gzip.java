package io.grpcweb.gateway.filter.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Messages in gzip, the one coding that is unpacked here. */
final class Gzip {
    private Gzip() {}

    /** A message unpacks to more than is allowed. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1;

        TooLong() {
            super(null, null, false, false);
        }
    }

    /**
     * The content of a message.
     *
     * @param mostBytes that it may unpack to
     * @throws IOException if it is no gzip
     */
    static InputStream content(ByteBuf payload, boolean compressed, int mostBytes) throws IOException, TooLong {
        InputStream in = new ByteBufInputStream(payload);
        if (!compressed) {
            return in;
        }
        try (InputStream unpacked = new GZIPInputStream(in)) {
            byte[] bytes = unpacked.readNBytes(mostBytes);
            if (unpacked.read() >= 0) {
                throw new TooLong();
            }
            return new ByteArrayInputStream(bytes);
        }
    }
}
