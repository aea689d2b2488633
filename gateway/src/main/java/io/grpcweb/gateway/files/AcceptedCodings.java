package io.grpcweb.gateway.files;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which compressed forms of a file a browser takes: {@code accept-encoding} (RFC 9110, section 12.5.3). */
final class AcceptedCodings {
    /** In the order in which the gateway prefers them, and how their files end. */
    private static final List<Coding> KNOWN =
            List.of(new Coding("br", ".br"), new Coding("zstd", ".zst"), new Coding("gzip", ".gz"));

    /** How the weight that refuses is written (RFC 9110, section 12.4.2). */
    private static final Set<String> ZERO = Set.of("0", "0.", "0.0", "0.00", "0.000");

    /** A coding, and the end of a file in it. */
    record Coding(String name, String end) {}

    private AcceptedCodings() {}

    /** Those that are accepted, the best first; a coding with weight zero is not. */
    static List<Coding> of(CharSequence field) {
        if (field == null) {
            return List.of();
        }
        Map<String, Boolean> accepted = new HashMap<>();
        for (String one : field.toString().toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = one.split(";", -1);
            accepted.putIfAbsent(parts[0].strip(), !isZero(parts));
        }
        return KNOWN.stream()
                .filter(coding -> accepted.getOrDefault(coding.name(), false))
                .toList();
    }

    private static boolean isZero(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=") && ZERO.contains(parameter.substring(2))) {
                return true;
            }
        }
        return false;
    }
}
