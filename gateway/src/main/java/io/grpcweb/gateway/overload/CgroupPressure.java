package io.grpcweb.gateway.overload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of the control group against its limit, of version 2 or 1 (Linux: cgroup-v2, memory). */
final class CgroupPressure implements Pressure {
    private final Path root;
    private final long most;

    /**
     * For the group that stands at a root.
     *
     * @param most bytes, where that is less than the limit; 0 for none
     */
    CgroupPressure(Path root, long most) {
        this.root = root;
        this.most = most;
    }

    @Override
    public double read() throws IOException {
        Path used = root.resolve("memory.current");
        Path limit = root.resolve("memory.max");
        if (!Files.exists(used)) {
            used = root.resolve("memory/memory.usage_in_bytes");
            limit = root.resolve("memory/memory.limit_in_bytes");
        }
        long bytes = number(used);
        long bound = Math.min(number(limit), most == 0 ? Long.MAX_VALUE : most);
        return bound == Long.MAX_VALUE ? 0 : (double) bytes / bound;
    }

    private static long number(Path file) throws IOException {
        String text = Files.readString(file).strip();
        try {
            return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + " holds '" + text + "', which is no number", e);
        }
    }
}
