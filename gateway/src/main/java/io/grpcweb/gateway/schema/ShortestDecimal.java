package io.grpcweb.gateway.schema;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as protobuf's own printers write them: with the digits that a type surely keeps (6 or 15), and with more only where another number
 * would be read from those, in the form of C's {@code %g}.
 */
final class ShortestDecimal {
    private static final double WHOLE_DOUBLE = 1e15;
    private static final float WHOLE_FLOAT = 1e6f;

    private ShortestDecimal() {}

    static String of(double value) {
        if (value == Math.rint(value) && Math.abs(value) < WHOLE_DOUBLE) {
            return whole((long) value, 1 / value < 0);
        }
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        String text = general(new BigDecimal(value), 15);
        return Double.parseDouble(text) == value ? text : general(new BigDecimal(value), 17);
    }

    static String of(float value) {
        if (value == Math.rint(value) && Math.abs(value) < WHOLE_FLOAT) {
            return whole((long) value, 1 / value < 0);
        }
        if (!Float.isFinite(value)) {
            return Float.toString(value);
        }
        String text = general(new BigDecimal(value), 6);
        return Float.parseFloat(text) == value ? text : general(new BigDecimal(value), 9);
    }

    private static String whole(long value, boolean negative) {
        return value == 0 && negative ? "-0" : Long.toString(value);
    }

    /** C's {@code %.Ng}: digits without zeros at the end, with an exponent where it is below -4 or not below N. */
    private static String general(BigDecimal value, int digits) {
        BigDecimal rounded =
                value.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            return rounded.toPlainString();
        }
        String unscaled = rounded.unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(rounded.signum() < 0 ? "-" : "").append(unscaled.charAt(0));
        if (unscaled.length() > 1) {
            text.append('.').append(unscaled, 1, unscaled.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        return text.append(Math.abs(exponent) < 10 ? "0" : "")
                .append(Math.abs(exponent))
                .toString();
    }
}
