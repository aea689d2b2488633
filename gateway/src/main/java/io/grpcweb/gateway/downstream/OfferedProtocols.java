package io.grpcweb.gateway.downstream;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The protocols that a ClientHello offers (RFC 8446 section 4.1.2, RFC 7301 section 3.1). */
final class OfferedProtocols {
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int ALPN = 16;

    private OfferedProtocols() {}

    /**
     * In the order of the client; none where the message is cut off or broken, which the handshake itself reports.
     *
     * @param hello the body of the message, whose indexes stay as they are; null for none
     */
    static List<String> of(ByteBuf hello) {
        if (hello == null) {
            return List.of();
        }
        ByteBuf in = hello.slice();
        try {
            in.skipBytes(VERSION_AND_RANDOM);
            in.skipBytes(in.readUnsignedByte());
            in.skipBytes(in.readUnsignedShort());
            in.skipBytes(in.readUnsignedByte());
            ByteBuf extensions = in.readSlice(in.readUnsignedShort());
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                ByteBuf content = extensions.readSlice(extensions.readUnsignedShort());
                if (type == ALPN) {
                    return names(content.skipBytes(2));
                }
            }
            return List.of();
        } catch (IndexOutOfBoundsException e) {
            return List.of();
        }
    }

    private static List<String> names(ByteBuf list) {
        List<String> found = new ArrayList<>();
        while (list.isReadable()) {
            int length = list.readUnsignedByte();
            found.add(list.readCharSequence(length, StandardCharsets.US_ASCII).toString());
        }
        return found;
    }
}
