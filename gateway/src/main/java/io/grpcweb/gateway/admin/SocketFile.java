package io.grpcweb.gateway.admin;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of a Unix domain socket that is listened on. One that an earlier process has left is taken away first, as Envoy does. */
final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

    private final Path path;

    private SocketFile(Path path) {
        this.path = path;
    }

    /** @throws IOException where something else than a socket is there */
    static SocketFile at(String path) throws IOException {
        try {
            SocketFile file = new SocketFile(Path.of(path));
            file.removeOld();
            return file;
        } catch (InvalidPathException e) {
            throw new IOException("cannot bind '" + path + "': " + e.getMessage(), e);
        }
    }

    private void removeOld() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new IOException("cannot bind '" + path + "': a file that is no socket is there");
            }
            Files.delete(path);
        }
    }

    SocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    /** Nobody listens any more. */
    void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("{} is left behind: {}", path, e.getMessage());
        }
    }
}
