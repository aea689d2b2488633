package io.grpcweb.gateway.downstream.websocket;

import io.grpcweb.gateway.http.HeaderBlock;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** The first message of a call: {@code name: value} CRLF for each field of its head. */
final class HeaderMessage {
    private HeaderMessage() {}

    /** The fields, names in lower-case; null where a line is none. */
    static Http2Headers parse(ByteBuf block) {
        Http2Headers fields = new DefaultHttp2Headers(false);
        for (String line : block.toString(StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (text.isEmpty()) {
                continue;
            }
            int colon = text.indexOf(':');
            String name = colon < 0 ? "" : text.substring(0, colon);
            String value = text.substring(colon + 1);
            if (!HeaderBlock.isToken(name) || !HeaderBlock.isValue(value)) {
                return null;
            }
            fields.add(new AsciiString(name).toLowerCase(), new AsciiString(value.strip()));
        }
        return fields;
    }
}
