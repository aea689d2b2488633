package io.grpcweb.gateway.http;

import static java.util.Map.entry;

import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * The text of a subject or an issuer as Envoy writes it: RFC 2253 with OpenSSL's short names, the last part first, and all that is
 * not ASCII in pairs of hexadecimal digits. The JDK's text has fewer names (a mail address is a number with hexadecimal digits).
 */
public final class DistinguishedName {
    private static final Map<String, String> NAMES = Map.ofEntries(
            entry("2.5.4.3", "CN"),
            entry("2.5.4.4", "SN"),
            entry("2.5.4.5", "serialNumber"),
            entry("2.5.4.6", "C"),
            entry("2.5.4.7", "L"),
            entry("2.5.4.8", "ST"),
            entry("2.5.4.9", "street"),
            entry("2.5.4.10", "O"),
            entry("2.5.4.11", "OU"),
            entry("2.5.4.12", "title"),
            entry("2.5.4.13", "description"),
            entry("2.5.4.17", "postalCode"),
            entry("2.5.4.41", "name"),
            entry("2.5.4.42", "GN"),
            entry("2.5.4.43", "initials"),
            entry("2.5.4.44", "generationQualifier"),
            entry("2.5.4.46", "dnQualifier"),
            entry("2.5.4.65", "pseudonym"),
            entry("1.2.840.113549.1.9.1", "emailAddress"),
            entry("0.9.2342.19200300.100.1.1", "UID"),
            entry("0.9.2342.19200300.100.1.25", "DC"));

    /** How the values are encoded, by the tags of ASN.1; a value with another tag is written as it stands, in digits. */
    private static final Map<Integer, Charset> TEXTS = Map.of(
            0x0c, StandardCharsets.UTF_8,
            0x12, StandardCharsets.ISO_8859_1,
            0x13, StandardCharsets.ISO_8859_1,
            0x14, StandardCharsets.ISO_8859_1,
            0x16, StandardCharsets.ISO_8859_1,
            0x1a, StandardCharsets.ISO_8859_1,
            0x1c, Charset.forName("UTF-32BE"),
            0x1e, StandardCharsets.UTF_16BE);

    private static final String ESCAPED = ",+\"\\<>;";

    private DistinguishedName() {}

    /** Its text; empty where it has no parts. */
    public static String of(X500Principal name) {
        List<String> sets = new ArrayList<>();
        for (Part set : new Part(name.getEncoded()).children()) {
            List<String> parts = new ArrayList<>();
            for (Part attribute : set.children()) {
                List<Part> pair = attribute.children();
                parts.add(attribute(pair.get(0).number(), pair.get(1)));
            }
            Collections.reverse(parts);
            sets.add(String.join("+", parts));
        }
        Collections.reverse(sets);
        return String.join(",", sets);
    }

    private static String attribute(String number, Part value) {
        String name = NAMES.get(number);
        Charset charset = TEXTS.get(value.tag());
        return name == null || charset == null
                ? (name == null ? number : name) + "=#"
                        + HexFormat.of().withUpperCase().formatHex(value.whole())
                : name + "=" + escaped(new String(value.content(), charset));
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean edge = i == 0 && (c == '#' || c == ' ') || i == bytes.length - 1 && c == ' ';
            if (c < ' ' || c >= 0x7f) {
                out.append('\\').append(HexFormat.of().withUpperCase().toHexDigits(bytes[i]));
            } else {
                out.append(edge || ESCAPED.indexOf(c) >= 0 ? "\\" : "").append(c);
            }
        }
        return out.toString();
    }

    /** One element of DER (X.690): its tag, its length and what it holds. The JDK has read the certificate, so it is well formed. */
    private static final class Part {
        private final byte[] bytes;
        private final int start;
        private final int content;
        private final int end;

        Part(byte[] bytes) {
            this(bytes, 0);
        }

        private Part(byte[] bytes, int start) {
            this.bytes = bytes;
            this.start = start;
            int first = bytes[start + 1] & 0xff;
            int more = first < 0x80 ? 0 : first & 0x7f;
            int length = more == 0 ? first : new BigInteger(1, bytes, start + 2, more).intValueExact();
            this.content = start + 2 + more;
            this.end = content + length;
        }

        int tag() {
            return bytes[start] & 0xff;
        }

        byte[] whole() {
            return Arrays.copyOfRange(bytes, start, end);
        }

        byte[] content() {
            return Arrays.copyOfRange(bytes, content, end);
        }

        List<Part> children() {
            List<Part> found = new ArrayList<>();
            for (int at = content; at < end; at = found.get(found.size() - 1).end) {
                found.add(new Part(bytes, at));
            }
            return found;
        }

        /** An object identifier, dotted. */
        String number() {
            StringBuilder out = new StringBuilder();
            BigInteger value = BigInteger.ZERO;
            for (int i = content; i < end; i++) {
                value = value.shiftLeft(7).or(BigInteger.valueOf(bytes[i] & 0x7f));
                if (bytes[i] >= 0) {
                    if (out.isEmpty()) {
                        long head = Math.min(2, value.longValue() / 40);
                        out.append(head);
                        value = value.subtract(BigInteger.valueOf(head * 40));
                    }
                    out.append('.').append(value);
                    value = BigInteger.ZERO;
                }
            }
            return out.toString();
        }
    }
}
