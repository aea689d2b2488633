package io.grpcweb.gateway.files;

import io.grpcweb.gateway.config.RouteConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the file of a path in a folder. What is outside of the folder is not found, however the path or a link says it, and
 * neither is a name that begins with a dot.
 */
final class Folder {
    private static final String PAGE = "index.html";

    /** As bundlers write it: {@code index-B7x2k9Qz.js}, {@code app.1f0c2a9b.css}. */
    private static final Pattern HASHED = Pattern.compile(".+[-.][0-9A-Za-z_-]{8,}\\.[0-9A-Za-z.]+");

    private final RouteConfig.Files config;

    Folder(RouteConfig.Files config) {
        this.config = config;
    }

    /**
     * The file, open; null where there is none.
     *
     * @param path decoded, begins with a slash
     * @param wantsPage whether a page would do for a path that has no file
     * @param codings that the browser takes, the best first
     */
    FoundFile find(String path, boolean wantsPage, List<AcceptedCodings.Coding> codings) throws IOException {
        Path root = config.folder().toRealPath();
        Path file = path.endsWith("/") ? inside(root, path + PAGE) : inside(root, path);
        if (file != null && Files.isRegularFile(file)) {
            return open(root, file, false, codings);
        }
        if (!wantsPage || config.fallback().isEmpty()) {
            return null;
        }
        Path page = inside(root, "/" + config.fallback().get());
        return page == null || !Files.isRegularFile(page) ? null : open(root, page, true, codings);
    }

    /** Whether it is a folder with a page, and lacks the slash without which the page's own links lead elsewhere. */
    boolean lacksSlash(String path) throws IOException {
        return !path.endsWith("/") && inside(config.folder().toRealPath(), path + "/" + PAGE) != null;
    }

    private static Path inside(Path root, String path) {
        for (String part : path.split("/", -1)) {
            if (part.startsWith(".") || part.indexOf('\\') >= 0 || part.indexOf('\0') >= 0) {
                return null;
            }
        }
        try {
            Path file = root.resolve(path.substring(1)).normalize();
            return file.startsWith(root)
                            && Files.exists(file)
                            && file.toRealPath().startsWith(root)
                    ? file
                    : null;
        } catch (InvalidPathException | IOException e) {
            // A name that no file can have, or a link to nowhere.
            return null;
        }
    }

    private FoundFile open(Path root, Path file, boolean fallback, List<AcceptedCodings.Coding> codings)
            throws IOException {
        String name = file.getFileName().toString();
        for (AcceptedCodings.Coding coding : codings) {
            Path other = inside(root, "/" + root.relativize(file) + coding.end());
            if (other != null && Files.isRegularFile(other)) {
                return open(other, name, coding.name(), fallback);
            }
        }
        return open(file, name, null, fallback);
    }

    private FoundFile open(Path file, String name, String coding, boolean fallback) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return new FoundFile(
                    channel,
                    name,
                    coding,
                    facts.size(),
                    facts.lastModifiedTime().toInstant(),
                    !fallback && !name.endsWith(".html") && HASHED.matcher(name).matches());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
