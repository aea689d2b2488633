package io.grpcweb.gateway.overload;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** How many file descriptors the process may have, and how many connections of clients that allows. */
public final class Descriptors {
    /** Above it a machine has other limits. */
    private static final long MOST_CONNECTIONS = 50_000;

    /** For backends, the admin pages, files and name servers, beside those that are open when the process starts. */
    private static final long KEPT = 64;

    private static final int KEPT_SHARE = 8;
    private static final String LIMIT = "Max open files";

    private Descriptors() {}

    /** The soft limit of this process; empty where it is not known. */
    public static OptionalLong limit() {
        try {
            return limit(Files.readAllLines(Path.of("/proc/self/limits")));
        } catch (IOException e) {
            // No Linux.
            return OptionalLong.empty();
        }
    }

    /** The soft limit in the lines of {@code /proc/PID/limits}. */
    static OptionalLong limit(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith(LIMIT)) {
                String soft = line.substring(LIMIT.length()).strip().split(" ", 2)[0];
                return soft.equals("unlimited") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(soft));
            }
        }
        return OptionalLong.empty();
    }

    /** How many are open now; 0 where it is not known. */
    public static long open() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    /**
     * The connections of clients that may be open where nobody says how many.
     *
     * @param descriptors that the process may have
     * @param open those that it has for other things
     */
    public static long connections(OptionalLong descriptors, long open) {
        if (descriptors.isEmpty()) {
            return MOST_CONNECTIONS;
        }
        long all = descriptors.getAsLong();
        return Math.max(16, Math.min(MOST_CONNECTIONS, all - open - Math.max(KEPT, all / KEPT_SHARE)));
    }
}
