package io.grpcweb.gateway.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bytes of frames as the table of bad input writes them; blocks of fields are literals that no table remembers (RFC 7541). */
final class BadFrames {
    private static final int MOST_OF_A_FRAME = 16_384;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final Pattern MANY = Pattern.compile("@(\\d+)@");

    private static final List<String> OK = List.of(
            ":method=POST", ":scheme=http", ":path=/bad", ":authority=a.example", "content-type=application/grpc-web");

    private final ByteBuf bytes = Unpooled.buffer();

    private BadFrames() {}

    /** The preface, SETTINGS unless the row says that there are none, and the frames. */
    static ByteBuf of(String row) {
        BadFrames made = new BadFrames();
        made.bytes.writeCharSequence(PREFACE, StandardCharsets.US_ASCII);
        if (!row.startsWith("!")) {
            made.frame(4, 0, 0, Unpooled.EMPTY_BUFFER);
        }
        for (String frame : row.replaceFirst("^!", "").split("; ", -1)) {
            made.frame(frame.split(" ", 4));
        }
        return made.bytes;
    }

    /** A request that is good. */
    static ByteBuf good(int stream, String path) {
        BadFrames made = new BadFrames();
        made.frame(new String[] {"head", "5", Integer.toString(stream), "ok|-:path|:path=" + path});
        return made.bytes;
    }

    private void frame(String... parts) {
        int flags = Integer.parseInt(parts[1], 16);
        int stream = Integer.parseInt(parts[2]);
        if (parts[0].equals("head")) {
            head(flags, stream, block(parts[3]));
        } else {
            frame(Integer.parseInt(parts[0], 16), flags, stream, payload(parts.length < 4 ? "" : parts[3]));
        }
    }

    private static ByteBuf payload(String written) {
        Matcher many = MANY.matcher(written);
        return many.matches()
                ? Unpooled.wrappedBuffer(new byte[Integer.parseInt(many.group(1))])
                : Unpooled.wrappedBuffer(HexFormat.of().parseHex(written));
    }

    private void head(int flags, int stream, ByteBuf block) {
        int type = HEADERS;
        int of = flags & ~END_HEADERS;
        while (block.readableBytes() > MOST_OF_A_FRAME) {
            frame(type, of, stream, block.readSlice(MOST_OF_A_FRAME));
            type = CONTINUATION;
            of = 0;
        }
        frame(type, of | flags & END_HEADERS, stream, block);
    }

    private void frame(int type, int flags, int stream, ByteBuf payload) {
        bytes.writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }

    private static ByteBuf block(String written) {
        List<String> fields = new ArrayList<>();
        for (String part : written.split("\\|", -1)) {
            if (part.equals("ok")) {
                fields.addAll(OK);
            } else if (part.startsWith("-")) {
                fields.removeIf(field -> field.startsWith(part.substring(1) + "="));
            } else if (part.startsWith("@f")) {
                int count = Integer.parseInt(part.substring(2, part.length() - 1));
                for (int i = 0; i < count; i++) {
                    fields.add("x-" + i + "=1");
                }
            } else {
                fields.add(part);
            }
        }
        // Those that came late stay behind the others, but for one that takes the place of a pseudo-field.
        ByteBuf block = Unpooled.buffer();
        fields.stream()
                .sorted((a, b) -> Boolean.compare(isPlain(a, fields), isPlain(b, fields)))
                .forEach(field -> {
                    String text = unescaped(field);
                    int equals = text.indexOf('=');
                    block.writeByte(0);
                    literal(block, text.substring(0, equals));
                    literal(block, text.substring(equals + 1));
                });
        return block;
    }

    private static boolean isPlain(String field, List<String> fields) {
        return !field.startsWith(":") || field.startsWith(":scheme=") && fields.contains("x-a=1");
    }

    /** RFC 7541, sections 5.1 and 5.2: a length with a prefix of seven bits, and the bytes. */
    private static void literal(ByteBuf to, String text) {
        int left = text.length();
        if (left < 127) {
            to.writeByte(left);
        } else {
            to.writeByte(127);
            for (left -= 127; left >= 128; left >>= 7) {
                to.writeByte(left & 127 | 128);
            }
            to.writeByte(left);
        }
        to.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }

    private static String unescaped(String written) {
        String text = written.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
        Matcher hex = Pattern.compile("\\\\x([0-9a-f]{2})").matcher(text);
        text = hex.replaceAll(found -> Character.toString((char) Integer.parseInt(found.group(1), 16)));
        return MANY.matcher(text).replaceAll(found -> "a".repeat(Integer.parseInt(found.group(1))));
    }
}
