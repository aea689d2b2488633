package io.grpcweb.gateway.http;

/**
 * What strangers send (paths, hosts, origins, methods), in lines for people: it cannot end the line, colour a terminal or turn
 * the direction of what stands behind it, and it is cut.
 */
public final class ForeignText {
    private static final int MOST = 200;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private ForeignText() {}

    /** The text, or as much of it as fits; empty for none. */
    public static String of(CharSequence text) {
        if (text == null) {
            return "";
        }
        int length = Math.min(text.length(), MOST);
        StringBuilder out = new StringBuilder(length + 3);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else if (c < 0x100) {
                out.append("\\x").append(HEX[c >> 4]).append(HEX[c & 15]);
            } else {
                out.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]).append(HEX[c >> 4 & 15]);
                out.append(HEX[c & 15]);
            }
        }
        return out.append(text.length() > MOST ? "..." : "").toString();
    }

    /** Letters of any script, and signs; no control, format or private character, no other line end, no half of a pair. */
    private static boolean isPlain(char c) {
        if (c < 0x7f) {
            return c >= 0x20;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
