package io.grpcweb.gateway.format;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Time as strftime writes it, with Envoy's {@code %3f} and {@code %s}; without a format, ISO 8601 in milliseconds. */
final class TimeFormat {
    private final List<Piece> pieces;
    private final ZoneId zone;

    /** What was written for the last second, and where the fraction goes; torn reads are harmless, it is one object. */
    private volatile Second last = new Second(Long.MIN_VALUE, List.of());

    /** Writes one part of a time. */
    @FunctionalInterface
    private interface Piece {
        String of(ZonedDateTime time);
    }

    /** Digits of the second's fraction. */
    private record Fraction(int digits) implements Piece {
        @Override
        public String of(ZonedDateTime time) {
            return String.format(Locale.ROOT, "%09d", time.getNano()).substring(0, digits);
        }
    }

    private record Second(long second, List<String> texts) {}

    /** The last time that was asked for: busy gateways write many lines in a millisecond. */
    private volatile Written written = new Written(Long.MIN_VALUE, "");

    private record Written(long millis, String text) {}

    private TimeFormat(List<Piece> pieces, ZoneId zone) {
        this.pieces = pieces;
        this.zone = zone;
    }

    static TimeFormat of(String pattern, boolean local) {
        String wanted = pattern == null || pattern.isEmpty()
                ? (local ? "%Y-%m-%dT%H:%M:%S.%3f%z" : "%Y-%m-%dT%H:%M:%S.%3fZ")
                : pattern;
        return new TimeFormat(parse(wanted), local ? ZoneId.systemDefault() : ZoneOffset.UTC);
    }

    /** A time in words. */
    String text(long millis) {
        Written known = written;
        if (known.millis != millis) {
            known = new Written(millis, write(millis));
            written = known;
        }
        return known.text;
    }

    private String write(long millis) {
        long second = Math.floorDiv(millis, 1000);
        Second known = last;
        if (known.second != second) {
            ZonedDateTime time = Instant.ofEpochSecond(second).atZone(zone);
            List<String> texts = new ArrayList<>();
            for (Piece piece : pieces) {
                texts.add(piece instanceof Fraction ? null : piece.of(time));
            }
            known = new Second(second, texts);
            last = known;
        }
        long fraction = Math.floorMod(millis, 1000) * 1_000_000L;
        StringBuilder out = new StringBuilder(32);
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i) instanceof Fraction part) {
                digits(out, fraction, part.digits);
            } else {
                out.append(known.texts.get(i));
            }
        }
        return out.toString();
    }

    private static void digits(StringBuilder out, long fraction, int digits) {
        long scale = 100_000_000;
        for (int i = 0; i < digits; i++) {
            out.append((char) ('0' + fraction / scale % 10));
            scale /= 10;
        }
    }

    private static List<Piece> parse(String pattern) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%' || i + 1 == pattern.length()) {
                literal.append(c);
                continue;
            }
            char letter = pattern.charAt(++i);
            int digits = 9;
            if (letter == 'E' && i + 2 < pattern.length() && Character.isDigit(pattern.charAt(i + 1))) {
                letter = pattern.charAt(++i);
            }
            if (Character.isDigit(letter) && i + 1 < pattern.length() && "fS".indexOf(pattern.charAt(i + 1)) >= 0) {
                digits = Math.min(9, letter - '0');
                letter = pattern.charAt(++i);
            }
            Piece piece = letter == 'f' ? new Fraction(digits) : piece(letter);
            if (piece == null) {
                literal.append(letter == '%' ? "%" : letter == 'n' ? " " : letter == 't' ? "\t" : "%" + letter);
                continue;
            }
            flush(literal, pieces);
            pieces.add(piece);
        }
        flush(literal, pieces);
        return pieces;
    }

    private static void flush(StringBuilder literal, List<Piece> pieces) {
        if (!literal.isEmpty()) {
            String text = literal.toString();
            pieces.add(time -> text);
            literal.setLength(0);
        }
    }

    /** One letter of strftime in the C locale; null for what it does not know. */
    private static Piece piece(char letter) {
        String java =
                switch (letter) {
                    case 'Y' -> "yyyy";
                    case 'y' -> "yy";
                    case 'm' -> "MM";
                    case 'd' -> "dd";
                    case 'e' -> "ppd";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'p' -> "a";
                    case 'z' -> "xx";
                    case 'Z' -> "zzz";
                    case 'a' -> "EEE";
                    case 'A' -> "EEEE";
                    case 'b', 'h' -> "MMM";
                    case 'B' -> "MMMM";
                    case 'j' -> "DDD";
                    case 'u' -> "e";
                    case 'F' -> "yyyy-MM-dd";
                    case 'T' -> "HH:mm:ss";
                    case 'R' -> "HH:mm";
                    case 'D' -> "MM/dd/yy";
                    case 'c' -> "EEE MMM ppd HH:mm:ss yyyy";
                    default -> null;
                };
        if (letter == 's') {
            return time -> Long.toString(time.toEpochSecond());
        }
        if (java == null) {
            return null;
        }
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern(java, Locale.ROOT);
        return formatter::format;
    }
}
