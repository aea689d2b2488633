package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Locale;

/** Reads values of fields that are no messages. */
final class ScalarReader {
    private final JsonRules rules;

    ScalarReader(JsonRules rules) {
        this.rules = rules;
    }

    /** The value at which the parser stands, which is neither null nor a list. */
    Object read(JsonParser parser, FieldDescriptor field) throws IOException, InvalidJson {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return text(field, parser.getText());
        }
        if (token == JsonToken.START_OBJECT) {
            throw InvalidJson.form("invalid value Starting an object on a scalar field for type " + field.getName());
        }
        if (token == JsonToken.START_ARRAY) {
            throw InvalidJson.form("Proto field is not repeating, cannot start list.");
        }
        return switch (field.getJavaType()) {
            case BOOLEAN -> {
                if (!token.isBoolean()) {
                    throw wrong(MessageReader.shown(parser), field);
                }
                yield token == JsonToken.VALUE_TRUE;
            }
            case INT, LONG, FLOAT, DOUBLE, ENUM -> {
                if (!token.isNumeric()) {
                    throw wrong(MessageReader.shown(parser), field);
                }
                yield number(parser.getText(), MessageReader.shown(parser), field);
            }
            default -> throw wrong(MessageReader.shown(parser), field);
        };
    }

    private Object number(String text, String shown, FieldDescriptor field) throws InvalidJson {
        return switch (field.getJavaType()) {
            case FLOAT -> decimal(text, shown, field).floatValue();
            case DOUBLE -> decimal(text, shown, field).doubleValue();
            case ENUM -> {
                EnumDescriptor type = field.getEnumType();
                int value = (int) whole(text, shown, field, Integer.MIN_VALUE, Integer.MAX_VALUE);
                EnumValueDescriptor found = type.isClosed()
                        ? type.findValueByNumber(value)
                        : type.findValueByNumberCreatingIfUnknown(value);
                if (found == null) {
                    throw wrong(shown, field);
                }
                yield found;
            }
            default -> integer(text, shown, field);
        };
    }

    /** A value that is written as a text, in quotes or outside of JSON. */
    Object text(FieldDescriptor field, String text) throws InvalidJson {
        return switch (field.getJavaType()) {
            case STRING -> checked(text);
            case BYTE_STRING -> bytes(text, field);
            case BOOLEAN -> flag(text, field);
            case ENUM -> named(text, field);
            case FLOAT -> special(text, field).floatValue();
            case DOUBLE -> special(text, field).doubleValue();
            case INT, LONG -> {
                if (rules.lenient() && !isDigits(text)) {
                    throw wrong(quoted(text), field);
                }
                yield integer(text, quoted(text), field);
            }
            case MESSAGE -> throw new IllegalArgumentException(field.getFullName() + " is a message");
        };
    }

    private static boolean isDigits(String text) {
        int from = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > from;
    }

    private static Object integer(String text, String shown, FieldDescriptor field) throws InvalidJson {
        return switch (field.getType()) {
            case UINT32, FIXED32 -> (int) whole(text, shown, field, 0, 0xffffffffL);
            case UINT64, FIXED64 -> unsigned(text, shown, field);
            case INT32, SINT32, SFIXED32 -> (int) whole(text, shown, field, Integer.MIN_VALUE, Integer.MAX_VALUE);
            default -> whole(text, shown, field, Long.MIN_VALUE, Long.MAX_VALUE);
        };
    }

    private static long whole(String text, String shown, FieldDescriptor field, long least, long most)
            throws InvalidJson {
        try {
            long value = isDigits(text)
                    ? Long.parseLong(text)
                    : exact(text, shown, field).longValueExact();
            if (value >= least && value <= most) {
                return value;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // The same as a number out of range.
        }
        throw wrong(shown, field);
    }

    private static long unsigned(String text, String shown, FieldDescriptor field) throws InvalidJson {
        try {
            if (isDigits(text)) {
                return text.charAt(0) == '-' && Long.parseLong(text) == 0 ? 0 : Long.parseUnsignedLong(text);
            }
            return Long.parseUnsignedLong(
                    exact(text, shown, field).toBigIntegerExact().toString());
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrong(shown, field);
        }
    }

    /** A number with a fraction or an exponent that may be whole; one that is far too large is not written out. */
    private static BigDecimal exact(String text, String shown, FieldDescriptor field) throws InvalidJson {
        double size = Math.abs(Double.parseDouble(text));
        if (size == 0) {
            return BigDecimal.ZERO;
        }
        if (size > 1e20 || size < 1) {
            throw wrong(shown, field);
        }
        return new BigDecimal(text);
    }

    private static Double special(String text, FieldDescriptor field) throws InvalidJson {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> decimal(text, quoted(text), field);
        };
    }

    /** Java would take more for a number than JSON does: blanks, hexadecimal digits, a letter behind it. */
    private static Double decimal(String text, String shown, FieldDescriptor field) throws InvalidJson {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                throw wrong(shown, field);
            }
        }
        try {
            double value = Double.parseDouble(text);
            boolean fits = field.getJavaType() == FieldDescriptor.JavaType.FLOAT
                    ? Float.isFinite((float) value)
                    : Double.isFinite(value);
            if (fits) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw wrong(shown, field);
    }

    private Boolean flag(String text, FieldDescriptor field) throws InvalidJson {
        return switch (rules.lenient() ? text.toLowerCase(Locale.ROOT) : text) {
            case "true" -> true;
            case "false" -> false;
            case "t", "yes", "y", "1" -> {
                if (!rules.lenient()) {
                    throw wrong(quoted(text), field);
                }
                yield true;
            }
            case "f", "no", "n", "0" -> {
                if (!rules.lenient()) {
                    throw wrong(quoted(text), field);
                }
                yield false;
            }
            default -> throw wrong(quoted(text), field);
        };
    }

    private EnumValueDescriptor named(String text, FieldDescriptor field) throws InvalidJson {
        EnumDescriptor type = field.getEnumType();
        EnumValueDescriptor found = type.findValueByName(text);
        if (found == null && rules.anyCaseEnums()) {
            found = type.findValueByName(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
        if (found == null && rules.lenient() && isDigits(text) && text.length() < 11) {
            found = type.findValueByNumber((int) Long.parseLong(text));
        }
        if (found == null) {
            throw wrong(quoted(text), field);
        }
        return found;
    }

    /** Base64 in one of both alphabets, with padding or without; blanks in it are for lenient rules. */
    private ByteString bytes(String text, FieldDescriptor field) throws InvalidJson {
        boolean forUrls = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        Base64.Decoder decoder = forUrls ? Base64.getUrlDecoder() : Base64.getDecoder();
        try {
            return ByteString.copyFrom(decoder.decode(rules.lenient() ? withoutBlanks(text) : text));
        } catch (IllegalArgumentException e) {
            throw wrong(quoted(text), field);
        }
    }

    private static String withoutBlanks(String text) {
        if (text.chars().noneMatch(Character::isWhitespace)) {
            return text;
        }
        StringBuilder rest = new StringBuilder(text.length());
        text.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> rest.append((char) c));
        return rest.toString();
    }

    /** UTF-8 has no form of half a pair (RFC 3629 section 3). */
    private static String checked(String text) throws InvalidJson {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new InvalidJson("a surrogate without its other half");
                }
                i++;
            }
        }
        return text;
    }

    static String quoted(String text) {
        return '"' + text + '"';
    }

    private static InvalidJson wrong(String shown, FieldDescriptor field) {
        return InvalidJson.value(
                shown,
                field.getJavaType() == FieldDescriptor.JavaType.ENUM
                        ? "type.googleapis.com/" + field.getEnumType().getFullName()
                        : "TYPE_" + field.getType());
    }
}
