package io.grpcweb.gateway.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What tells one version of some files from another: times, sizes and identities of what their names mean, links followed. A
 * file that is missing is a version, too.
 */
public final class FileState {
    private final Map<Path, Object> seen;

    private FileState(Map<Path, Object> seen) {
        this.seen = seen;
    }

    /** The files as they are now. */
    public static FileState of(List<Path> files) {
        Map<Path, Object> state = new LinkedHashMap<>();
        files.forEach(file -> state.put(file, now(file)));
        return new FileState(state);
    }

    private static Object now(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
        } catch (IOException e) {
            return "missing";
        }
    }

    public List<Path> paths() {
        return List.copyOf(seen.keySet());
    }

    public boolean hasChanged() {
        return !changed().isEmpty();
    }

    /** The files that are others now. */
    public List<Path> changed() {
        List<Path> changed = new ArrayList<>();
        seen.forEach((file, state) -> {
            if (!state.equals(now(file))) {
                changed.add(file);
            }
        });
        return changed;
    }

    /** Of these files: as they were seen here, or as they are now where they were not looked at. */
    public FileState only(List<Path> files) {
        Map<Path, Object> state = new LinkedHashMap<>();
        files.forEach(file -> state.put(file, seen.containsKey(file) ? seen.get(file) : now(file)));
        return new FileState(state);
    }

    /** Of these files as well. */
    public FileState and(List<Path> more) {
        List<Path> both = new ArrayList<>(seen.keySet());
        both.addAll(more);
        return only(both);
    }
}
