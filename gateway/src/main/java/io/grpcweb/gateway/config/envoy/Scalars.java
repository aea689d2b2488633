package io.grpcweb.gateway.config.envoy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of the file to values, with Envoy's leniency. Each method is empty where the text is no such value. */
final class Scalars {
    private static final Pattern SECONDS = Pattern.compile("(-?)(\\d{1,12})?(?:\\.(\\d{1,9}))?s");

    private static final long NANOS = 1_000_000_000;
    private static final long MAX_SECONDS = 315_576_000_000L;

    private Scalars() {}

    /** All spellings of YAML 1.1, as Envoy's YAML reader has them. */
    static Optional<Boolean> flag(String text) {
        return switch (text) {
            case "true", "True", "TRUE", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON" -> Optional.of(true);
            case "false", "False", "FALSE", "no", "No", "NO", "n", "N", "off", "Off", "OFF" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** A whole number that fits its kind; quoted ones and such as {@code 1e3} count. */
    static Optional<Long> whole(String text, String kind) {
        try {
            if (text.length() < 10 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.of(Long.parseLong(text));
            }
            BigDecimal number = new BigDecimal(text.strip());
            if (number.scale() < -20 || number.precision() > 40) {
                return Optional.empty();
            }
            boolean unsigned = kind.toLowerCase(Locale.ROOT).startsWith("u") || kind.startsWith("fixed");
            long limit = kind.endsWith("32") || kind.contains("32") ? (unsigned ? 0xffffffffL : Integer.MAX_VALUE) : 0;
            long value = number.longValueExact();
            boolean fits = (!unsigned || value >= 0) && (limit == 0 || (value <= limit && value >= -limit - 1));
            return fits ? Optional.of(value) : Optional.empty();
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Optional<Double> decimal(String text) {
        try {
            double number = Double.parseDouble(text.strip());
            return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** {@code 1.5s}. */
    static Optional<Duration> duration(String text) {
        Matcher parts = SECONDS.matcher(text.strip());
        if (!parts.matches() || (parts.group(2) == null && parts.group(3) == null)) {
            return Optional.empty();
        }
        long seconds = parts.group(2) == null ? 0 : Long.parseLong(parts.group(2));
        String fraction = parts.group(3) == null ? "" : parts.group(3);
        long nanos = fraction.isEmpty() ? 0 : Long.parseLong((fraction + "00000000").substring(0, 9));
        Duration duration = Duration.ofSeconds(seconds, nanos);
        return Optional.of(parts.group(1).isEmpty() ? duration : duration.negated());
    }

    /** As protobuf's JSON writes it: {@code 1s}, or with three, six or nine digits behind the point. */
    static String text(Duration duration) {
        int nanos = duration.getNano();
        int digits = nanos == 0 ? 0 : nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9;
        return BigDecimal.valueOf(duration.getSeconds())
                        .add(BigDecimal.valueOf(nanos, 9))
                        .setScale(digits, RoundingMode.DOWN)
                        .toPlainString()
                + "s";
    }

    /** {@code {seconds: 1, nanos: 500000000}}. */
    static Optional<Duration> duration(Yaml.Mapping mapping) {
        if (!mapping.entries().keySet().stream().allMatch(key -> key.equals("seconds") || key.equals("nanos"))) {
            return Optional.empty();
        }
        Optional<Long> seconds = mapping.has("seconds") ? whole(mapping.text("seconds"), "int64") : Optional.of(0L);
        Optional<Long> nanos = mapping.has("nanos") ? whole(mapping.text("nanos"), "int32") : Optional.of(0L);
        // protobuf's Duration: less than a second of nanoseconds, 10,000 years of seconds.
        return seconds.flatMap(s -> nanos.filter(n -> Math.abs(n) < NANOS)
                .map(n -> Duration.ofSeconds(Math.max(-MAX_SECONDS, Math.min(s, MAX_SECONDS)), n)));
    }

    /** The name of an enum's value, written in any case or as its number. */
    static Optional<String> enumValue(String text, Map<String, Integer> values) {
        for (String name : values.keySet()) {
            if (name.equalsIgnoreCase(text.strip())) {
                return Optional.of(name);
            }
        }
        return whole(text, "int32").flatMap(number -> values.entrySet().stream()
                .filter(value -> value.getValue().longValue() == number)
                .map(Map.Entry::getKey)
                .findFirst());
    }
}
