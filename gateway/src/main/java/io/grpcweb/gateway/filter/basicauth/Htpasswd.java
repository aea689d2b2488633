package io.grpcweb.gateway.filter.basicauth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The file of htpasswd, with the one kind of hash that Envoy takes: {@code name:{SHA}BASE64}. */
final class Htpasswd {
    static final String SHA = "{SHA}";

    /** Of 20 bytes in base64. */
    private static final int HASH_LENGTH = 28;

    private Htpasswd() {}

    /**
     * The hashes by the names.
     *
     * @param problem is told what is wrong with a line; what the line holds is not shown
     */
    static Map<String, String> read(Iterable<String> lines, Consumer<String> problem) {
        Map<String, String> users = new LinkedHashMap<>();
        int number = 0;
        for (String raw : lines) {
            String line = raw.strip();
            number++;
            if (!line.isEmpty()) {
                read(line, number, users, problem);
            }
        }
        return users;
    }

    private static void read(String line, int number, Map<String, String> users, Consumer<String> problem) {
        int colon = line.indexOf(':');
        String hash = line.substring(colon + 1);
        if (colon <= 0) {
            problem.accept("user " + number + ": name:hash is expected");
        } else if (!hash.startsWith(SHA)) {
            problem.accept("user " + number + ": write the hash as " + SHA + " and base64, as htpasswd -s does");
        } else if (hash.length() != SHA.length() + HASH_LENGTH) {
            problem.accept("user " + number + ": a hash in base64 has " + HASH_LENGTH + " characters, this one has "
                    + (hash.length() - SHA.length()));
        } else if (users.put(line.substring(0, colon), hash.substring(SHA.length())) != null) {
            problem.accept("user " + number + ": the name '" + line.substring(0, colon) + "' stands there twice");
        }
    }
}
