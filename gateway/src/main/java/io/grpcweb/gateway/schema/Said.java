package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * A value as it stands in a text.
 *
 * @param text of a text what stands between its quotes
 */
public record Said(Kind kind, String text) {

    /** What JSON tells apart. */
    public enum Kind {
        TEXT,
        /** A number without a point and without an exponent. */
        WHOLE,
        DECIMAL,
        FLAG
    }

    /** The value at which a parser stands. */
    static Said of(JsonParser parser) throws IOException {
        Kind kind =
                switch (parser.currentToken()) {
                    case VALUE_STRING -> Kind.TEXT;
                    case VALUE_NUMBER_INT -> Kind.WHOLE;
                    case VALUE_NUMBER_FLOAT -> Kind.DECIMAL;
                    default -> Kind.FLAG;
                };
        return new Said(kind, parser.getText());
    }

    /** The value as errors show it. */
    public String shown() {
        return switch (kind) {
            case TEXT -> ScalarReader.quoted(text);
            case DECIMAL -> decimal(text);
            default -> text;
        };
    }

    /** A decimal number with the digits that tell it apart from others; as it is where it is too large. */
    static String decimal(String text) {
        double value = Double.parseDouble(text);
        return Double.isFinite(value) ? ShortestDecimal.of(value) : text;
    }
}
