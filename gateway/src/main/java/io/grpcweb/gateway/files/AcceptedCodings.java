package io.grpcweb.gateway.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which compressed forms of a file a browser takes: {@code accept-encoding} (RFC 9110, section 12.5.3). */
final class AcceptedCodings {
    /** In the order in which the gateway prefers them, and how their files end. */
    private static final List<Coding> KNOWN =
            List.of(new Coding("br", ".br"), new Coding("zstd", ".zst"), new Coding("gzip", ".gz"));

    /** A coding, and the end of a file in it. */
    record Coding(String name, String end) {}

    private AcceptedCodings() {}

    /** Those that are accepted, the best first; a coding with weight zero is not. */
    static List<Coding> of(CharSequence field) {
        if (field == null) {
            return List.of();
        }
        List<Coding> accepted = new ArrayList<>();
        for (Coding coding : KNOWN) {
            if (accepts(field.toString().toLowerCase(Locale.ROOT), coding.name())) {
                accepted.add(coding);
            }
        }
        return accepted;
    }

    private static boolean accepts(String field, String coding) {
        for (String one : field.split(",", -1)) {
            String[] parts = one.split(";", -1);
            if (parts[0].strip().equals(coding)) {
                return !isZero(parts);
            }
        }
        return false;
    }

    private static boolean isZero(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=") && parameter.substring(2).matches("0(\\.0{0,3})?")) {
                return true;
            }
        }
        return false;
    }
}
