package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.schema.InvalidJson;
import io.grpcweb.gateway.schema.Said;
import java.math.BigDecimal;
import java.util.Locale;

/** Compares the value of a field in path or query with the one in the body, as the kind of value that the body has. Texts are Envoy's. */
final class Collision {
    private Collision() {}

    /**
     * Compares both.
     *
     * @throws InvalidJson if they differ
     */
    static void check(String field, String bound, Said said) throws InvalidJson {
        if (!isSame(field, bound, said)) {
            throw InvalidJson.of("The binding value \"" + bound + "\" of the field " + field
                    + " is conflicting with the value " + said.shown() + " in the body.");
        }
    }

    private static boolean isSame(String field, String bound, Said said) throws InvalidJson {
        return switch (said.kind()) {
            case TEXT -> bound.equals(said.text());
            case FLAG -> flag(field, bound) == Boolean.parseBoolean(said.text());
            case WHOLE -> {
                boolean negative = said.text().startsWith("-");
                BigDecimal number = number(field, bound, negative ? "int64" : "uint64");
                if (number.scale() > 0 || !negative && number.signum() < 0) {
                    throw noNumber(field, bound, negative ? "int64" : "uint64");
                }
                yield number.compareTo(new BigDecimal(said.text())) == 0;
            }
            case DECIMAL -> number(field, bound, "double").doubleValue() == Double.parseDouble(said.text());
        };
    }

    private static boolean flag(String field, String bound) throws InvalidJson {
        return switch (bound.toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "1" -> true;
            case "false", "f", "no", "n", "0" -> false;
            default -> throw noNumber(field, bound, "bool");
        };
    }

    private static BigDecimal number(String field, String bound, String type) throws InvalidJson {
        try {
            return new BigDecimal(bound);
        } catch (NumberFormatException e) {
            throw noNumber(field, bound, type);
        }
    }

    private static InvalidJson noNumber(String field, String bound, String type) {
        return InvalidJson.of("Failed to convert binding value " + field + ":\"" + bound + "\" to " + type);
    }
}
