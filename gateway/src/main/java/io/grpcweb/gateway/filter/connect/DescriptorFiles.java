package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.DescriptorSource;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.io.ByteArrayOutputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the compiled proto files that a key names. */
final class DescriptorFiles {
    private DescriptorFiles() {}

    /** What they say together; empty where one of them is broken, which is reported, or none is named. */
    static Optional<Descriptors> read(Section own, String key) {
        List<String> files = own.texts(key);
        // Sets of descriptors behind one another are one set, as with every message of protobuf.
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        boolean whole = !files.isEmpty();
        for (String file : files) {
            try {
                byte[] bytes = new DescriptorSource.InFile(file).bytes();
                own.reads(Path.of(file));
                ProtoSchema.of(bytes);
                all.writeBytes(bytes);
            } catch (BadDescriptors | InvalidPathException e) {
                own.error(key, "'" + file + "': " + e.getMessage());
                whole = false;
            }
        }
        try {
            return whole ? Optional.of(new Descriptors(files, ProtoSchema.of(all.toByteArray()))) : Optional.empty();
        } catch (BadDescriptors e) {
            own.error(key, e.getMessage());
            return Optional.empty();
        }
    }
}
