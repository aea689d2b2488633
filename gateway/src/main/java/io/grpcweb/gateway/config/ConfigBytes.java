package io.grpcweb.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The bytes of a configuration file, within a bound: what is larger is no configuration. */
public final class ConfigBytes {
    private static final int MOST = 16 << 20;

    private ConfigBytes() {}

    /** All of the file; it may be a pipe. */
    public static byte[] read(Path file) throws ConfigException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST + 1);
            if (bytes.length > MOST) {
                long size = Math.max(bytes.length, Files.size(file));
                throw refused(
                        file,
                        "this file is too large for a configuration: " + size + " bytes, where at most " + MOST
                                + " (16 MiB) are read");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw refused(file, "this file does not exist");
        } catch (IOException e) {
            throw refused(
                    file,
                    Files.isDirectory(file)
                            ? "this is a directory, and a file is expected"
                            : "this file cannot be read: " + e.getMessage());
        }
    }

    private static ConfigException refused(Path file, String text) {
        return new ConfigException(List.of(new ConfigProblem(file.toString(), 0, "", text)));
    }
}
