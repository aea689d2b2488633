package io.grpcweb.gateway.testing;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** Bodies without their content coding, by decoders that the gateway does not use. */
public final class Unpacked {
    private Unpacked() {}

    /** A whole body. */
    public static byte[] of(String coding, byte[] body) {
        return read(coding, body, false);
    }

    /** What the beginning of a body holds, up to where its decoder misses something. */
    public static byte[] beginning(String coding, byte[] body) {
        return read(coding, body, true);
    }

    private static byte[] read(String coding, byte[] body, boolean cut) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = stream(coding, new ByteArrayInputStream(body))) {
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                out.write(octet);
            }
        } catch (IOException e) {
            if (!cut) {
                throw new UncheckedIOException(e);
            }
        }
        return out.toByteArray();
    }

    private static InputStream stream(String coding, InputStream in) throws IOException {
        return switch (coding) {
            case "gzip" -> new GZIPInputStream(in);
            case "br" -> {
                Brotli4jLoader.ensureAvailability();
                yield new BrotliInputStream(in);
            }
            case "zstd" -> new ZstdInputStream(in);
            default -> throw new IllegalArgumentException(coding);
        };
    }
}
