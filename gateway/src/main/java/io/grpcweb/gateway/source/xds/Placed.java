package io.grpcweb.gateway.source.xds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * A file as it was put into its place. A move changes the time of its status alone; writing changes both times to the same.
 *
 * @param key which file it is
 * @param placed when its status changed
 * @param written when its content changed
 */
record Placed(Object key, FileTime placed, FileTime written) {

    /** What is at the path, links followed. */
    static Optional<Placed> at(Path path) {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:fileKey,ctime,lastModifiedTime");
            return Optional.of(new Placed(
                    found.get("fileKey"), (FileTime) found.get("ctime"), (FileTime) found.get("lastModifiedTime")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether it was moved here since; null where nothing was here. */
    boolean isNewAfter(Placed before) {
        if (before == null || !before.key.equals(key)) {
            return true;
        }
        return !before.placed.equals(placed) && !placed.equals(written);
    }
}
