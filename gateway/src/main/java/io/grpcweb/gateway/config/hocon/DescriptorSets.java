package io.grpcweb.gateway.config.hocon;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds in compiled proto files ({@code protoc --descriptor_set_out}) the methods that say with {@code idempotency_level} that
 * they may be executed more than once.
 */
final class DescriptorSets {
    private static final int MOST = 256 << 20;

    private DescriptorSets() {}

    /** The paths of all such methods in the files that the key names. */
    static Set<String> idempotent(Section section, String key) {
        Set<String> found = new HashSet<>();
        for (String name : section.texts(key)) {
            try {
                Path file = Path.of(name);
                section.reads(file);
                if (Files.size(file) > MOST) {
                    section.error(
                            key,
                            "the file '" + name + "' is too large for a descriptor set: " + Files.size(file)
                                    + " bytes, where at most " + MOST + " (256 MiB) are read");
                    continue;
                }
                FileDescriptorSet.parseFrom(Files.readAllBytes(file))
                        .getFileList()
                        .forEach(one -> add(one, found));
            } catch (InvalidProtocolBufferException e) {
                section.error(
                        key,
                        "the file '" + name + "' is no descriptor set: make it with protoc"
                                + " --include_imports --descriptor_set_out");
            } catch (IOException | InvalidPathException e) {
                section.error(
                        key,
                        "the file '" + name + "' cannot be read (seen from "
                                + Path.of("").toAbsolutePath() + ")");
            }
        }
        return found;
    }

    private static void add(FileDescriptorProto file, Set<String> found) {
        String prefix = "/" + (file.getPackage().isEmpty() ? "" : file.getPackage() + ".");
        for (ServiceDescriptorProto service : file.getServiceList()) {
            for (MethodDescriptorProto method : service.getMethodList()) {
                if (method.getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN) {
                    found.add(prefix + service.getName() + "/" + method.getName());
                }
            }
        }
    }
}
