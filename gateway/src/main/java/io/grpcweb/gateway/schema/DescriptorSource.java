package io.grpcweb.gateway.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;

/** Where a {@code google.protobuf.FileDescriptorSet} is found. */
public sealed interface DescriptorSource {
    /** Bytes of a set that are read at most; the largest public API of the world has a fifth of it. */
    int MOST = 256 << 20;

    /**
     * The bytes of the set as they are now.
     *
     * @throws BadDescriptors if they cannot be read
     */
    byte[] bytes() throws BadDescriptors;

    /** A file that {@code protoc --include_imports --descriptor_set_out} has written. */
    record InFile(String path) implements DescriptorSource {

        @Override
        public byte[] bytes() throws BadDescriptors {
            try {
                Path file = Path.of(path);
                long size = Files.size(file);
                if (size > MOST) {
                    throw new BadDescriptors("the file '" + path + "' is too large for a descriptor set: " + size
                            + " bytes, where at most " + MOST + " (256 MiB) are read");
                }
                return Files.readAllBytes(file);
            } catch (IOException | InvalidPathException e) {
                throw new BadDescriptors(
                        "the file '" + path + "' cannot be read (seen from "
                                + Path.of("").toAbsolutePath() + ")",
                        e);
            }
        }
    }

    /** The set itself in base64. */
    record Inline(String base64) implements DescriptorSource {

        @Override
        public byte[] bytes() throws BadDescriptors {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new BadDescriptors("the descriptor set is no base64: " + e.getMessage(), e);
            }
        }
    }
}
