package io.grpcweb.gateway.console;

import io.grpcweb.gateway.http.HeaderBlock;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The metadata that a person adds to a call (grpc doc/PROTOCOL-HTTP2.md, Custom-Metadata). */
final class CallMetadata {
    private static final int MOST_FIELDS = 100;
    private static final int MOST_BYTES = 16 << 10;

    /** Fields of the call itself, and those of a connection, which HTTP/2 does not have (RFC 9113, section 8.2.2). */
    private static final Set<String> RESERVED = Set.of(
            "connection",
            "content-length",
            "content-type",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade");

    private CallMetadata() {}

    /**
     * Adds fields to a head.
     *
     * @param pairs names and values in turn
     */
    static void add(List<String> pairs, Http2Headers head) throws Refusal {
        if (pairs.size() % 2 != 0 || pairs.size() > 2 * MOST_FIELDS) {
            throw new Refusal("metadata is at most " + MOST_FIELDS + " names, each with a value");
        }
        int bytes = 0;
        for (int i = 0; i < pairs.size(); i += 2) {
            String name = pairs.get(i).strip().toLowerCase(Locale.ROOT);
            String value = pairs.get(i + 1).strip();
            check(name, value);
            bytes += name.length() + value.length();
            head.add(name, value);
        }
        if (bytes > MOST_BYTES) {
            throw new Refusal("the metadata is " + bytes + " bytes, at most " + MOST_BYTES + " are sent");
        }
    }

    private static void check(String name, String value) throws Refusal {
        if (!HeaderBlock.isToken(name)) {
            throw new Refusal("metadata '" + name + "': a name has letters, digits, '-', '_' and '.' only");
        }
        if (RESERVED.contains(name) || name.startsWith("grpc-")) {
            throw new Refusal("metadata '" + name + "' belongs to the call itself");
        }
        if (name.endsWith("-bin")) {
            try {
                Base64.getDecoder().decode(value);
            } catch (IllegalArgumentException e) {
                throw new Refusal("metadata '" + name + "': bytes are written in base64");
            }
        } else if (value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw new Refusal("metadata '" + name
                    + "': a value has printable ASCII characters only; use a name that ends in -bin");
        }
    }
}
