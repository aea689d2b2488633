package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** The head of a call where a script writes it as a text: {@code name: value} CRLF for each field. */
public final class HeaderLines {
    private HeaderLines() {}

    /** The fields, names in lower-case; null where a line is none. */
    public static Http2Headers parse(String text) {
        Http2Headers fields = new DefaultHttp2Headers(false);
        for (String line : text.split("\n", -1)) {
            String field = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (field.isEmpty()) {
                continue;
            }
            int colon = field.indexOf(':');
            String name = colon < 0 ? "" : field.substring(0, colon);
            String value = field.substring(colon + 1);
            if (!HeaderBlock.isToken(name) || !HeaderBlock.isValue(value)) {
                return null;
            }
            fields.add(new AsciiString(name).toLowerCase(), new AsciiString(value.strip()));
        }
        return fields;
    }
}
