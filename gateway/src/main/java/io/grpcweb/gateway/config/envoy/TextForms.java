package io.grpcweb.gateway.config.envoy;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.UUID;

/** The forms of texts that {@code validate.rules} know by name. Each method gives what is wrong, or an empty text. */
final class TextForms {
    /** RFC 9110, section 5.6.2, beside letters and digits. */
    private static final String TOKEN = "!#$%&'*+-.^_|~`";

    private TextForms() {}

    /**
     * A header's name or value. One that is not strict may have all but the characters that end a line.
     *
     * @param kind {@code HTTP_HEADER_NAME} or {@code HTTP_HEADER_VALUE}
     */
    static String header(String text, String kind, boolean strict) {
        boolean isName = kind.equals("HTTP_HEADER_NAME");
        String what = isName ? "the name of a header" : "the value of a header";
        if (strict && isName && (text.isEmpty() || text.equals(":"))) {
            return "must be " + what + ", not '" + text + "'";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = !strict
                    ? c != 0 && c != '\r' && c != '\n'
                    : isName ? isToken(c) || (c == ':' && i == 0) : c == '\t' || (c >= ' ' && c != 0x7f);
            if (!fits) {
                return what + " must not have the character " + String.format("0x%02x", (int) c) + " at " + (i + 1);
            }
        }
        return "";
    }

    private static boolean isToken(char c) {
        return (c >= '0' && c <= '9') || isLetter(c) || TOKEN.indexOf(c) >= 0;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** A form that is a rule of its own, such as {@code ip}; other rules say nothing about the form. */
    static String problem(String form, String text) {
        boolean keeps =
                switch (form) {
                    case "ip" -> isIpv4(text) || isIpv6(text);
                    case "ipv4" -> isIpv4(text);
                    case "ipv6" -> isIpv6(text);
                    case "hostname" -> isHostname(text);
                    case "address" -> isHostname(text) || isIpv4(text) || isIpv6(text);
                    case "email" -> text.indexOf('@') > 0 && isHostname(text.substring(text.lastIndexOf('@') + 1));
                    case "uri" -> isUri(text, true);
                    case "uri_ref" -> isUri(text, false);
                    case "uuid" -> isUuid(text);
                    default -> true;
                };
        return keeps ? "" : "'" + text + "' is no " + form.replace('_', ' ');
    }

    /** RFC 1034, section 3.5: parts of letters, digits and hyphens, up to 63 characters each and 253 in all. */
    private static boolean isHostname(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.isEmpty() || name.length() > 253) {
            return false;
        }
        for (String part : name.split("\\.", -1)) {
            boolean fits = !part.isEmpty()
                    && part.length() <= 63
                    && !part.startsWith("-")
                    && !part.endsWith("-")
                    && part.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9') || isLetter((char) c));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean number =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(Character::isDigit);
            if (!number || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** RFC 4291, section 2.2: eight groups, a run of them left out as {@code ::}, the last two as an IPv4 address. */
    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int groups = gap < 0
                ? groups(text)
                : Math.max(0, groups(text.substring(0, gap))) + Math.max(0, groups(text.substring(gap + 2)));
        boolean broken = gap >= 0 && (groups(text.substring(0, gap)) < 0 || groups(text.substring(gap + 2)) < 0);
        return !broken && (gap < 0 ? groups == 8 : groups < 8);
    }

    /** How many groups of 16 bits; negative where it is no list of groups. */
    private static int groups(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        int groups = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && isIpv4(parts[i])) {
                groups += 2;
            } else if (!parts[i].isEmpty()
                    && parts[i].length() <= 4
                    && parts[i].chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                groups++;
            } else {
                return -1;
            }
        }
        return groups;
    }

    private static boolean isUri(String text, boolean absolute) {
        try {
            return new URI(text).isAbsolute() || !absolute;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isUuid(String text) {
        try {
            return text.length() == 36 && UUID.fromString(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
