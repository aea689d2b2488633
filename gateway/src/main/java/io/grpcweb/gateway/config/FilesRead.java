package io.grpcweb.gateway.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files that a configuration was read from: the file itself, those that it includes, and those whose content it takes over.
 * It is complete also where reading failed. Files of certificates are not among them; they are watched by who uses them.
 */
public final class FilesRead {
    private final Set<Path> files = new LinkedHashSet<>();

    public void add(Path file) {
        files.add(file);
    }

    public void addAll(Collection<Path> more) {
        files.addAll(more);
    }

    /** In the order in which they were read first. */
    public List<Path> all() {
        return List.copyOf(files);
    }
}
